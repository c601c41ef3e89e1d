#include "codec/text/hex.hpp"

#include <algorithm>
#include <array>

namespace codec {

namespace {

// The value of each hexadecimal digit, -1 for all other bytes.
constexpr std::array<signed char, 256> nibbles = [] {
  std::array<signed char, 256> table{};
  table.fill(-1);
  for (int i = 0; i < 10; ++i)
    table[static_cast<std::size_t>('0' + i)] = static_cast<signed char>(i);
  for (int i = 0; i < 6; ++i)
    table[static_cast<std::size_t>('a' + i)] = table[static_cast<std::size_t>('A' + i)] =
      static_cast<signed char>(10 + i);
  return table;
}();

int nibble(char c) { return nibbles[static_cast<unsigned char>(c)]; }

std::string write_hex(std::string_view bytes, std::string_view digits) {
  std::string text(2 * bytes.size(), '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text[2 * i] = digits[byte >> 4];
    text[2 * i + 1] = digits[byte & 15];
  }
  return text;
}

}  // namespace

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return nibble(c) >= 0; });
}

std::string to_hex(std::string_view bytes) { return write_hex(bytes, "0123456789abcdef"); }

std::string to_upper_hex(std::string_view bytes) { return write_hex(bytes, "0123456789ABCDEF"); }

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0)
    return {};
  std::string bytes(text.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int byte = nibble(text[2 * i]) << 4 | nibble(text[2 * i + 1]);
    if (byte < 0)
      return {};
    bytes[i] = static_cast<char>(byte);
  }
  return bytes;
}

}  // namespace codec
