// CAF's scheduler on the process's one event loop: actors, timers and sockets share its thread.
//
// So a handler is never preempted, `link.send` is a plain call, there is no mutex between actors and sockets,
// and a transaction wakes no second core.
#pragma once

#include <caf/all.hpp>

namespace net {
class loop;
}

namespace actors {

/// The configuration of an actor system for `loop`. Make, use and destroy the system on the loop's thread.
class loop_config : public caf::actor_system_config {
public:
  explicit loop_config(net::loop& on);
};

/// Runs the loop until no actor is left, which ends the system in order.
void run_until_empty(caf::actor_system& system, net::loop& on);

}  // namespace actors
