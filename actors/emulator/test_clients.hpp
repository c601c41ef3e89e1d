// All test clients of this process, and the sum of what they saw.
#pragma once

#include <functional>

#include "actors/core/environment.hpp"
#include "actors/protocol/protocol.hpp"

namespace actors {

using make_dialer = std::function<std::shared_ptr<net::dialer>()>;

terminal_hall_actor spawn_terminal_hall(caf::actor_system& system, environment_ptr env, make_dialer target);

}  // namespace actors
