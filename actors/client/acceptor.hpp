// Greets whoever comes in at a door, and knows who is still there.
#pragma once

#include <functional>

#include "actors/core/environment.hpp"
#include "actors/protocol/protocol.hpp"

namespace actors {

/// Spawns the actor that serves one visitor.
using greet = std::function<visitor_actor(net::link_ptr, const directory&)>;

/// `period`: how often visitors are told to look at the clock.
reception_actor spawn_reception(caf::actor_system& system, std::shared_ptr<net::door> door, greet welcome,
                                caf::timespan period);

/// A period short enough for a client timeout of `timeout`, and long enough for ten thousand clients.
caf::timespan tick_period_for(std::chrono::milliseconds timeout);

}  // namespace actors
