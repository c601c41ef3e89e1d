// CAF's scheduler on our one event loop: actors, timers and sockets share its thread.
//
// So a handler is never preempted, `link.send` is a plain call, no mutex
// exists between actors and sockets, and a transaction wakes no second core.
#pragma once

#include <caf/all.hpp>

namespace net {
class loop;
}

namespace actors {

/// An actor system's configuration for `loop`. The system must be made, used and destroyed on the loop's
/// thread.
class loop_config : public caf::actor_system_config {
public:
  explicit loop_config(net::loop& on);
};

/// Runs the loop until no actor is left: the order in which a system ends.
void run_until_empty(caf::actor_system& system, net::loop& on);

}  // namespace actors
