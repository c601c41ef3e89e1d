// All test clients of this process, and the sums of their results.
#pragma once

#include <functional>

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// Makes a dialer for one test client.
using make_dialer = std::function<std::shared_ptr<net::dialer>()>;

test_clients_actor spawn_test_clients(caf::actor_system& system, environment_ptr env, dialect_ptr dialect,
                                      make_dialer target);

}  // namespace actors
