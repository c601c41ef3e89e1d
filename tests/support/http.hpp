// HTTP from a client's side, for the tests of the actors.
#pragma once

#include "tests/lab/http.hpp"

namespace support {

using lab::first_http_response;
using lab::http_get;
using lab::http_post;
using lab::http_response;
using lab::http_responses;

}  // namespace support
