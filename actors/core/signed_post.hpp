// What is posted to a server of the operator's, signed by a secret that both know.
#pragma once

#include <chrono>
#include <string>

#include "net/http/poster.hpp"

namespace actors {

/// The body, a JSON object, with the headers that prove who posts it, and when. `id`: the same each time that
/// this one is posted.
net::http_post signed_post(std::string body, const std::string& id, const std::string& secret,
                           std::chrono::sys_seconds now);

}  // namespace actors
