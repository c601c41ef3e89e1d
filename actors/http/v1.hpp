// The interface of today: fields by name, one answer shape, problems as application/problem+json.
#pragma once

#include "actors/http/router.hpp"

namespace actors {

const http_interface& v1_interface();

net::http_reply v1_draining();
net::http_reply v1_encoded();
net::http_reply v1_long_key();
net::http_reply v1_unclear_key();

}  // namespace actors
