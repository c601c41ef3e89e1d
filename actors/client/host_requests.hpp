// Knows which raw client takes the host's requests for which terminal.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

host_requests_actor spawn_host_requests(caf::actor_system& system, environment_ptr env);

}  // namespace actors
