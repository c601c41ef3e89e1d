// When a reversal is repeated.
#pragma once

#include <array>
#include <chrono>
#include <optional>

namespace actors {

/// The pause after attempt `number` (from 1): none, 2 s, 10 s up to the eighth, then 300 s. Nothing after the
/// last, the eleventh.
constexpr std::optional<std::chrono::seconds> pause_behind_attempt(int number) {
  constexpr std::array<int, 10> seconds{0, 2, 10, 10, 10, 10, 10, 10, 300, 300};
  if (number < 1 || number > static_cast<int>(seconds.size()))
    return {};
  return std::chrono::seconds(seconds[static_cast<std::size_t>(number - 1)]);
}

/// Between the attempts of a parked case.
inline constexpr std::chrono::seconds slow_pause{900};

}  // namespace actors
