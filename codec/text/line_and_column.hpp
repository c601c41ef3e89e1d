// Where in a text something is wrong, for people who look at it in an editor.
#pragma once

#include <string>
#include <string_view>

namespace codec {

/// "line 3, column 14" of a byte of the text, counted from 1 as the JSON parser counts.
std::string line_and_column(std::string_view text, std::size_t byte);

}  // namespace codec
