#include "codec/text/line_and_column.hpp"

#include <algorithm>

namespace codec {

std::string line_and_column(std::string_view text, std::size_t byte) {
  const auto before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto begin = before.rfind('\n') + 1;  // npos + 1 is 0
  // A character of UTF-8 is one column.
  const auto column =
    std::ranges::count_if(before.substr(begin),
                          [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }) +
    1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace codec
