// One raw client: its bytes in, its answers out.
#pragma once

#include <memory>

#include "actors/client/admission.hpp"
#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// `framing`: without functions its messages come without a header, and are cut by reading them.
session_actor spawn_session(caf::actor_system& system, environment_ptr env, net::link_ptr link,
                            directory peers, admission seats, std::shared_ptr<const net::framing> framing);

}  // namespace actors
