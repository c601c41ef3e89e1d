// One HTTP client: its requests in, its replies out.
#pragma once

#include "actors/client/admission.hpp"
#include "actors/core/environment.hpp"
#include "actors/protocol/protocol.hpp"

namespace actors {

visitor_actor spawn_http_session(caf::actor_system& system, environment_ptr env, net::link_ptr link,
                                 directory offices, admission seats);

}  // namespace actors
