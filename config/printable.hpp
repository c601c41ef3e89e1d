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

}  // namespace config
