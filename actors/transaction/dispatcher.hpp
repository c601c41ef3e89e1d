// The dispatcher: one queue for each terminal (TID).
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// Its queues work with the directory that it got last.
dispatcher_actor spawn_dispatcher(caf::actor_system& system, environment_ptr env);

}  // namespace actors
