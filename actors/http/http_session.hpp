// One HTTP client: its requests in, its replies out.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/http/service.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

session_actor spawn_http_session(caf::actor_system& system, environment_ptr env, http_port_ptr port,
                                 net::link_ptr link, directory peers, http_service_factory service);

}  // namespace actors
