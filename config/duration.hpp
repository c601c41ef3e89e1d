// Times as people write them: 90, 90s, 15min, 24h, 2d.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace config {

/// A whole number, of seconds where no unit (s, min, h, d) stands behind it, up to a year. Nothing where it
/// is none.
std::optional<std::chrono::seconds> read_duration(std::string_view text);

/// In the largest unit that leaves nothing over: "24 h", "90 min", "61 s".
std::string in_words(std::chrono::seconds time);

}  // namespace config
