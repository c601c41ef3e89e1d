// Counts the messages that passed, and replies with the sums.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/metrics/totals.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// `sums` is outside the actor, so it survives a restart.
stats_actor spawn_stats(caf::actor_system& system, environment_ptr env, std::shared_ptr<totals> sums);

}  // namespace actors
