// One test client: connects, asks, checks the answer, waits, again and again.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// `number` is its TID; `hall` hears of each round.
test_client_actor spawn_test_client(caf::actor_system& system, environment_ptr env, std::size_t number,
                                    std::shared_ptr<net::dialer> dialer, test_clients_actor hall);

}  // namespace actors
