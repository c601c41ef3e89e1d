// Times as people write them: 90s, 15min, 24h, 2d.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace config {

/// A whole number and its unit (s, min, h, d), up to a year; 0 needs none. Nothing where it is no such time:
/// who forgets the unit of "24h" must not get seconds.
std::optional<std::chrono::seconds> read_duration(std::string_view text);

/// In the largest unit that leaves nothing over: "24 h", "90 min", "61 s".
std::string in_words(std::chrono::seconds time);

}  // namespace config
