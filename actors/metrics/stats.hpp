// Counts what passed, and answers questions about it.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/metrics/totals.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// The sums lie outside, so they survive the actor.
stats_actor spawn_stats(caf::actor_system& system, environment_ptr env, std::shared_ptr<totals> sums);

}  // namespace actors
