// The links to the hosts, their states and how these changed, for people and programs that watch the gateway.
// No actor.
#pragma once

#include <deque>
#include <vector>

#include "actors/protocol/metrics.hpp"

namespace actors {

class watched_links {
public:
  static constexpr std::size_t history_max = 50;

  void take(const host_report& h, time_point now);
  void take(const link_load& l);

  /// `utc_ms`: the wall clock at `now`.
  inspection::links view(time_point now, std::int64_t utc_ms) const;

private:
  struct change {
    time_point at;
    link_condition is;
    std::string why;
  };
  struct watched {
    host_report now;
    std::size_t in_flight = 0;
    std::deque<change> changes;  ///< the last one is its present state
  };
  watched* find(const std::string& link);

  std::vector<watched> all_;
};

}  // namespace actors
