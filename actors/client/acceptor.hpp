// Spawns a session for each connection that a listener accepts, and knows which are open.
#pragma once

#include <functional>
#include <string>

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// Spawns the actor that serves one connection.
using session_factory = std::function<session_actor(net::link_ptr, const directory&)>;

/// `port`: raw, http, ...: what it is called in metrics. `period`: how often sessions look at the clock.
acceptor_actor spawn_acceptor(caf::actor_system& system, std::shared_ptr<net::listener> listener,
                              session_factory new_session, std::string port, caf::timespan period);

/// A period short enough for a client timeout of `timeout`, and long enough for ten thousand clients.
caf::timespan tick_period_for(std::chrono::milliseconds timeout);

}  // namespace actors
