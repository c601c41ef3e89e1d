// A clock of the time in which this process ran.
#pragma once

#include <algorithm>
#include <optional>

#include "actors/protocol/transaction.hpp"

namespace actors {

/// A process can stand still: stopped, its machine paused, its thread blocked by a disk. The time of clients
/// goes on, but the process cannot receive their messages. So a timeout for a client counts only the time in
/// which the process ran: a gap between two calls of `look` counts as `gap_max` at most. Call it about once a
/// second.
class lived_clock {
public:
  static constexpr std::chrono::seconds gap_max{2};

  /// The time of the first call plus the time that the process ran since.
  time_point look(time_point now) {
    if (last_)
      lived_ += std::clamp(now - *last_, time_point::duration::zero(), time_point::duration(gap_max));
    else
      lived_ = now;
    last_ = now;
    return lived_;
  }

private:
  std::optional<time_point> last_;
  time_point lived_{};
};

}  // namespace actors
