// Time in which this process could act.
#pragma once

#include <algorithm>
#include <optional>

#include "actors/protocol/transaction.hpp"

namespace actors {

/// A process can stand still: stopped, its machine paused, its thread held by a disk. Everybody's time goes
/// on meanwhile, but nobody could hear or answer us. So who gives others a patience counts only time in which
/// we ran: a gap between two looks counts as `gap_max` at the most. The owner looks every second or so.
class lived_clock {
public:
  static constexpr std::chrono::seconds gap_max{2};

  /// The time of the first look, and from then on what was lived since.
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
