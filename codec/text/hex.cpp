#include "codec/text/hex.hpp"

#include <array>

namespace codec {

namespace {

// The value of each hexadecimal digit, in the upper half of a byte or the lower; -1 for all other bytes.
constexpr std::array<short, 256> halves(int times) {
  std::array<short, 256> table{};
  table.fill(-1);
  for (int i = 0; i < 10; ++i)
    table[static_cast<std::size_t>('0' + i)] = static_cast<short>(times * i);
  for (int i = 10; i < 16; ++i)
    table[static_cast<std::size_t>('a' - 10 + i)] = table[static_cast<std::size_t>('A' - 10 + i)] =
      static_cast<short>(times * i);
  return table;
}
constexpr auto upper_halves = halves(16), nibbles = halves(1);

int nibble(char c) { return nibbles[static_cast<unsigned char>(c)]; }

void write_hex(std::string_view bytes, const char* digits, char* to) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *to++ = digits[byte >> 4];
    *to++ = digits[byte & 15];
  }
}

std::string hex_text(std::string_view bytes, const char* digits) {
  std::string text(2 * bytes.size(), '\0');
  write_hex(bytes, digits, text.data());
  return text;
}

}  // namespace

bool is_hex(std::string_view text) {
  int all = 0;
  for (const char c : text)
    all |= nibble(c);
  return all >= 0;
}

std::string to_hex(std::string_view bytes) { return hex_text(bytes, "0123456789abcdef"); }

std::string to_upper_hex(std::string_view bytes) { return hex_text(bytes, "0123456789ABCDEF"); }

void append_hex(std::string_view bytes, std::string& text) {
  const auto at = text.size();
  text.resize(at + 2 * bytes.size());
  write_hex(bytes, "0123456789abcdef", text.data() + at);
}

bool append_bytes(std::string_view hex, std::string& bytes) {
  if (hex.size() % 2 != 0)
    return false;
  const auto before = bytes.size();
  bytes.resize(before + hex.size() / 2);
  int all = 0;
  auto* to = bytes.data() + before;
  // Field 55 has hundreds of digits.
#pragma GCC unroll 4
  for (const auto *from = hex.data(), *end = from + hex.size(); from != end; from += 2) {
    const int byte =
      upper_halves[static_cast<unsigned char>(from[0])] | nibbles[static_cast<unsigned char>(from[1])];
    all |= byte;
    *to++ = static_cast<char>(byte);
  }
  if (all >= 0)
    return true;
  bytes.resize(before);
  return false;
}

std::optional<std::string> from_hex(std::string_view text) {
  std::string bytes;
  return append_bytes(text, bytes) ? std::optional(std::move(bytes)) : std::nullopt;
}

}  // namespace codec
