// How long to wait before the next dial: 0.5 s, doubling to 30 s, a little at random, so that many gateways
// do not dial one host in the same moment.
#pragma once

#include <chrono>
#include <random>

namespace actors {

class backoff {
public:
  using duration = std::chrono::milliseconds;

  static constexpr duration first{500};
  static constexpr duration longest{30000};

  /// A link that was up for this long is healthy: the next wait is the first one again.
  static constexpr std::chrono::seconds health{30};

  /// 75 % to 100 % of the step, which doubles with each call.
  duration next(std::mt19937_64& random_source);

  void reset() { step_ = first; }

private:
  duration step_ = first;
};

}  // namespace actors
