// One transaction of a terminal at a time.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// `tid` is the terminal's. The queue reports to the dispatcher of `peers` when it has been idle for a while.
/// `link_up`: whether the link to the host is up now.
tid_queue_actor spawn_tid_queue(caf::actor_system& system, environment_ptr env, std::string tid,
                                directory peers, bool link_up);

}  // namespace actors
