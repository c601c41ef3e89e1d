// Text on the wire is bytes, in JSON it is Unicode: the two meet in Latin-1, which loses nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace codec {

std::string utf8_of_latin1(std::string_view bytes);

/// Nothing where a character is not in Latin-1.
std::optional<std::string> latin1_of_utf8(std::string_view text);

}  // namespace codec
