// The service at `adminPort`: health, status, metrics and open cases, for machines and operators.
#pragma once

#include <string>

#include "actors/core/environment.hpp"
#include "actors/http/service.hpp"

namespace actors {

/// `token`: who shows it may decide about cases; empty: nobody may.
http_service_factory admin_service(environment_ptr env, std::string token);

}  // namespace actors
