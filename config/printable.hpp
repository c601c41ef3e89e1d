// Makes text from a peer safe for a screen or a log.
#pragma once

#include <string>
#include <string_view>

namespace config {

/// The offset of the first byte that is part of a control character or not valid UTF-8; npos where there is
/// none.
std::size_t unprintable_at(std::string_view text);

/// Replaces each such character or byte by `instead`. `lines`: line ends are kept.
std::string printable(std::string_view text, char instead, bool lines = false);

/// The same for a line of the log, as valid UTF-8 whatever the bytes are. A character that steers a screen,
/// turns the text or ends the line is written as `\x1b` or `\u202e`; bytes that are no UTF-8 are taken
/// for Latin-1. `lines`: line ends are kept.
std::string visible(std::string text, bool lines = false);

}  // namespace config
