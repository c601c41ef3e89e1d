// The form of `headerFormat` that the old program had.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "net/frame/format.hpp"

namespace net {

/// Parses "name:type:length[:default],...". The element `length` is the content's length, `headerLength` the
/// header's own; any other name is a constant with its default value, which is written and never checked:
/// hosts answer with the two addresses of a TPDU swapped. Types: n, an, ans (ASCII), b (two digits a byte),
/// b-hex (big-endian).
std::variant<frame_format, std::string> parse_old_form(std::string_view text, bool length_counts_header);

}  // namespace net
