// What a card number looks like, and where a message has its own.
#pragma once

#include <cstddef>
#include <string_view>

#include "codec/message.hpp"

namespace codec {

/// The shortest and the longest card number in use (ISO/IEC 7812-1 allows 8 to 19 digits).
inline constexpr std::size_t pan_size_min = 13, pan_size_max = 19;

/// How many of its digits may be shown: the first and the last ones.
inline constexpr std::size_t pan_shown_first = 6, pan_shown_last = 4;

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The card number of a message: field 2, else the digits at the front of track 2, else of track 1; empty
/// where there is none. A view into `m`.
std::string_view card_of(const message& m);

}  // namespace codec
