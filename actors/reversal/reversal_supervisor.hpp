// Brings every open case to its end.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// Reads the open cases from the journal of the first directory; `children` is answered when it has.
reversal_supervisor_actor spawn_reversal_supervisor(caf::actor_system& system, environment_ptr env);

}  // namespace actors
