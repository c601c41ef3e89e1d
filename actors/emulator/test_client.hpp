// One test client: connects, sends a request, checks the response, waits, and repeats.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// `number` is its TID; `owner` gets the result of each round.
test_client_actor spawn_test_client(caf::actor_system& system, environment_ptr env, dialect_ptr dialect,
                                    std::size_t number, std::shared_ptr<net::dialer> dialer,
                                    test_clients_actor owner);

}  // namespace actors
