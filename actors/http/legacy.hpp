// The old program's HTTP: POST / with a JSON object of fields, POST /raw with hexadecimal text.
#pragma once

#include <vector>

#include "actors/http/router.hpp"

namespace actors {

const http_interface& legacy_interface();

/// {"result":"","errors":[...]} and an end of line; with Retry-After where the status is 503.
net::http_reply legacy_reply(unsigned status, std::vector<std::string> errors);

}  // namespace actors
