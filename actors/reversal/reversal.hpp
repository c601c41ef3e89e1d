// One open case: repeats its reversal until the host agrees.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// `what` is due, or on the operator's list. Asks `supervisor` before each attempt, and ends when the case is
/// closed.
reversal_actor spawn_reversal(caf::actor_system& system, environment_ptr env, transaction what,
                              directory peers, reversal_supervisor_actor supervisor);

}  // namespace actors
