// The service at `adminPort`: the live page, health, status, metrics and open cases, for machines and
// operators.
#pragma once

#include <string>

#include "actors/core/environment.hpp"
#include "actors/http/service.hpp"

namespace actors {

/// How many clients may listen to /v1/events at a time; the others' connections stay free for questions.
inline constexpr std::size_t admin_streams_max = 8;

/// `token`: who shows it may decide about cases; empty: nobody may. A connection has the one of its
/// beginning.
http_service_factory admin_service(environment_ptr env, std::shared_ptr<const std::string> token);

}  // namespace actors
