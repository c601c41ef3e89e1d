// How long to wait before trying again: 0.5 s, then double, to 30 s, each a little at random so that
// many gateways do not come back to one host in the same moment.
#pragma once

#include <chrono>
#include <random>

namespace actors {

class backoff {
public:
  using duration = std::chrono::milliseconds;

  static constexpr duration first{500};
  static constexpr duration longest{30000};

  /// What must stay up for this long counts as healthy: then the next wait is the first again.
  static constexpr std::chrono::seconds health{30};

  /// 75 % to 100 % of the step, which doubles from call to call.
  duration next(std::mt19937_64& random_source);

  void reset() { step_ = first; }

private:
  duration step_ = first;
};

}  // namespace actors
