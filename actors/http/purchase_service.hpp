// The service that takes messages to the host: `/`, `/raw` and `/v1`.
#pragma once

#include "actors/client/admission.hpp"
#include "actors/core/environment.hpp"
#include "actors/http/service.hpp"

namespace actors {

http_service_factory purchase_service(environment_ptr env, http_port_ptr port, admission seats);

}  // namespace actors
