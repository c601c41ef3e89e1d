#include "codec/hex.hpp"

#include <algorithm>

namespace codec {

namespace {

int nibble(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

std::string write_hex(std::string_view bytes, std::string_view digits) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

} // namespace

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return nibble(c) >= 0; });
}

std::string to_hex(std::string_view bytes) { return write_hex(bytes, "0123456789abcdef"); }

std::string to_upper_hex(std::string_view bytes) { return write_hex(bytes, "0123456789ABCDEF"); }

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0 || !is_hex(text))
    return {};
  std::string bytes(text.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(nibble(text[2 * i]) << 4 | nibble(text[2 * i + 1]));
  return bytes;
}

} // namespace codec
