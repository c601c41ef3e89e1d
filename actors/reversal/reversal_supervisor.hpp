// Sees every open case through.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// Learns the open cases from the journal of the first directory; until it has, `roster` is not answered.
reversal_supervisor_actor spawn_reversal_supervisor(caf::actor_system& system, environment_ptr env);

}  // namespace actors
