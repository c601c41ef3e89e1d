// One raw client: its bytes in, its answers out.
#pragma once

#include <memory>

#include "actors/client/admission.hpp"
#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// A client of `port`.
session_actor spawn_session(caf::actor_system& system, environment_ptr env, net::link_ptr link,
                            directory peers, admission seats, raw_port_ptr port);

}  // namespace actors
