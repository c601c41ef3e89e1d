// The planned actions of the simulated world, by time.
#pragma once

#include <caf/all.hpp>

#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace simulator {

using time_point = caf::actor_clock::time_point;

class agenda {
public:
  void at(time_point when, std::function<void()> what) { entries_.emplace(when, std::move(what)); }

  std::optional<time_point> next() const {
    return entries_.empty() ? std::nullopt : std::optional(entries_.begin()->first);
  }
  bool has_due(time_point now) const { return !entries_.empty() && entries_.begin()->first <= now; }

  /// Runs the first action; of several at the same time, the one that was added first.
  void do_next() {
    const auto what = std::move(entries_.begin()->second);
    entries_.erase(entries_.begin());
    what();
  }

private:
  std::multimap<time_point, std::function<void()>> entries_;
};

}  // namespace simulator
