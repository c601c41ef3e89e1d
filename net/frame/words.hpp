// Small readings of an operator's text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

/// The bytes of the longest constant.
inline constexpr std::size_t constant_size_max = 64;

/// At most `parts_max` parts; the last one has the rest.
std::vector<std::string_view> split(std::string_view text, char separator,
                                    std::size_t parts_max = std::string_view::npos);

/// Without the blanks around it.
std::string_view trimmed(std::string_view text);

std::string quoted(std::string_view text);

std::optional<std::size_t> whole_number(std::string_view text);

/// Bytes of an even number of hexadecimal digits.
std::optional<std::string> from_hex(std::string_view digits);

}  // namespace net
