// The messages of clients that have ended, the last ones, for people and programs that watch the gateway. No
// actor.
#pragma once

#include <deque>

#include "actors/protocol/metrics.hpp"

namespace actors {

class last_transactions {
public:
  void add(const message_ended& m, time_point now);

  /// The newest first. `utc_ms`: the wall clock at `now`.
  inspection::transactions view(time_point now, std::int64_t utc_ms);

  /// Sets what of `into` they say: latencies and rate, of the last seconds. `uptime`: of the process.
  void measure(inspection::stats& into, time_point now, caf::timespan uptime) const;

private:
  struct entry {
    explicit entry(time_point at) : ended(at) {}

    time_point ended;
    inspection::transaction what;
    bool is_masked = false;  ///< its texts may be shown: not before somebody looks, for that takes time
  };
  std::deque<entry> all_;
  std::uint64_t count_ = 0;
};

}  // namespace actors
