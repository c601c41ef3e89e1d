// An operator at the control socket: asks for the open cases, or for something to be done about one.
#pragma once

#include "actors/environment.hpp"
#include "actors/protocol.hpp"

namespace actors {

/// Reads one line, `pending`, `retry ID`, `reverse ID WHY` or `resolve ID WHY`, answers with one line of JSON and hangs up.
visitor_actor spawn_operator_desk(caf::actor_system& system, environment_ptr env, net::link_ptr link, directory offices);

} // namespace actors
