// One transaction of a terminal at a time.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// `tid` is the terminal's. The queue reports to the dispatcher of `peers` when it has been idle for a while.
/// `links`: the upstreams that can be sent to now.
tid_queue_actor spawn_tid_queue(caf::actor_system& system, environment_ptr env, std::string tid,
                                directory peers, links_up links);

}  // namespace actors
