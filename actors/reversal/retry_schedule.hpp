// When a reversal is tried again.
#pragma once

#include <array>
#include <chrono>
#include <optional>

namespace actors {

/// The pause behind attempt `number` (from 1), as the old program had it: at once, 2 s, 10 s up to the
/// eighth, then 300 s. None behind the last, the eleventh.
constexpr std::optional<std::chrono::seconds> pause_behind_attempt(int number) {
  constexpr std::array<int, 10> seconds{0, 2, 10, 10, 10, 10, 10, 10, 300, 300};
  if (number < 1 || number > static_cast<int>(seconds.size()))
    return {};
  return std::chrono::seconds(seconds[static_cast<std::size_t>(number - 1)]);
}

/// Between the attempts at a case on the operator's list.
inline constexpr std::chrono::seconds slow_pause{900};

}  // namespace actors
