// The host: sends, pairs answers, keeps deadlines, redials.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

upstream_actor spawn_upstream(caf::actor_system& system, environment_ptr env,
                              std::shared_ptr<net::dialer> dialer);

}  // namespace actors
