// Text of others for a screen or a log: what it is allowed to hold.
#pragma once

#include <string>
#include <string_view>

namespace config {

/// Where the first byte is that belongs to a control character, or to no character of UTF-8; npos: nowhere.
std::size_t unprintable_at(std::string_view text);

/// `text` with `instead` in place of each such character or byte. `lines`: it may have several.
std::string printable(std::string_view text, char instead, bool lines = false);

}  // namespace config
