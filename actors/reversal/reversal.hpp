// One open case: repeats its reversal until the host confirms it.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// `what` is to be reversed, or parked. Asks `supervisor` for each attempt, and stops when the case is
/// closed.
reversal_actor spawn_reversal(caf::actor_system& system, environment_ptr env, transaction what,
                              directory peers, reversal_supervisor_actor supervisor);

}  // namespace actors
