// One transaction of a terminal at a time.
#pragma once

#include "actors/environment.hpp"
#include "actors/protocol.hpp"

namespace actors {

/// `tid` is the terminal's; `dispatcher` hears when the queue has been idle for a while.
tid_queue_actor spawn_tid_queue(caf::actor_system& system, environment_ptr env, std::string tid, upstream_actor upstream,
                                dispatcher_actor dispatcher);

} // namespace actors
