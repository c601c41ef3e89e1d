// Collects what is seen of the gateway from outside.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

overview_actor spawn_overview(caf::actor_system& system, environment_ptr env);

}  // namespace actors
