// The pauses between dials. Pure, except for the random source that the caller passes.

#include "actors/upstream/backoff.hpp"

#include <algorithm>
#include <utility>

namespace actors {

backoff::duration backoff::next(std::mt19937_64& random_source) {
  const auto step = std::exchange(step_, std::min(2 * step_, longest));
  return duration(
    std::uniform_int_distribution<duration::rep>(step.count() * 3 / 4, step.count())(random_source));
}

}  // namespace actors
