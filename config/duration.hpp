// Durations as an operator writes them: 90s, 15min, 24h, 2d.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace config {

/// Reads a whole number and its unit (s, min, h, d), at most a year; only 0 needs no unit. Returns nothing
/// for any other text: "24" instead of "24h" must not become seconds.
std::optional<std::chrono::seconds> read_duration(std::string_view text);

/// Writes it in the largest unit that divides it: "24 h", "90 min", "61 s".
std::string in_words(std::chrono::seconds time);

}  // namespace config
