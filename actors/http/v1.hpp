// The interface of today: fields by name, one answer shape, problems as application/problem+json.
#pragma once

#include "actors/http/router.hpp"

namespace actors {

http_action route_v1(const net::http_request& request, const environment& env);

net::http_reply v1_draining();
net::http_reply v1_long_key();
net::http_reply v1_unclear_key();

}  // namespace actors
