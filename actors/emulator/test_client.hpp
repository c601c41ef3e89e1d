// One test client: connects, asks, checks the answer, waits, again and again.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/protocol.hpp"

namespace actors {

/// `number` is its TID; `hall` hears of each round.
terminal_actor spawn_terminal(caf::actor_system& system, environment_ptr env, std::size_t number,
                              std::shared_ptr<net::dialer> dialer, terminal_hall_actor hall);

}  // namespace actors
