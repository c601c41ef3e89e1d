// Counts the messages that passed, and knows how the other parts are.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "actors/core/environment.hpp"
#include "actors/metrics/last_transactions.hpp"
#include "actors/metrics/prometheus.hpp"
#include "actors/metrics/totals.hpp"
#include "actors/metrics/watched_links.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// What has been counted since the start of the process. It is outside the actor, so it survives a restart of
/// it.
struct counts {
  totals sums;                                 ///< since the last reset
  std::function<void(std::string line)> save;  ///< keeps them for the next process; none: nothing does
  prometheus_metrics seen;
  gateway_status status;
  std::map<std::string, time_point> changed;  ///< when a link last went up or down
  std::optional<time_point> started;
  last_transactions last;
  watched_links links;
  std::map<std::string, stats_view::restarted> parts;
};

stats_actor spawn_stats(caf::actor_system& system, environment_ptr env, std::shared_ptr<counts> kept);

}  // namespace actors
