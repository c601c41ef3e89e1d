// Small readings of an operator's text.

#include "net/frame/words.hpp"

#include <charconv>

namespace net {

namespace {

int digit_value(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator, std::size_t parts_max) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = parts.size() + 1 == parts_max ? std::string_view::npos : text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos)
      return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  return from == text.npos ? "" : text.substr(from, text.find_last_not_of(" \t") + 1 - from);
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

std::optional<std::size_t> whole_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return {};
  return number;
}

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0)
    return {};
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = digit_value(digits[i]), low = digit_value(digits[i + 1]);
    if (high < 0 || low < 0)
      return {};
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace net
