// Knows which raw client takes the host's requests for which terminal.
#pragma once

#include "actors/client/webhook.hpp"
#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// `hook`: the operator's server for requests that no client takes; nullptr: there is none.
host_requests_actor spawn_host_requests(caf::actor_system& system, environment_ptr env,
                                        std::shared_ptr<const webhook> hook);

}  // namespace actors
