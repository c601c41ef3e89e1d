// Lengths as they stand in the header of a frame: digits, packed digits, binary numbers.

#include "net/frame/number.hpp"

#include <algorithm>
#include <limits>

namespace net {

namespace {

// How many values a byte has.
std::uint64_t base_of(number_form form) {
  return form == number_form::ascii ? 10 : form == number_form::bcd ? 100 : 256;
}

std::uint64_t value_of(char c, number_form form) {
  const auto byte = static_cast<unsigned char>(c);
  if (form == number_form::ascii)
    return byte - std::uint64_t{'0'};
  return form == number_form::bcd ? (byte >> 4) * std::uint64_t{10} + (byte & 15U) : byte;
}

char byte_of(std::uint64_t value, number_form form) {
  if (form == number_form::ascii)
    return static_cast<char>('0' + value);
  return static_cast<char>(form == number_form::bcd ? value / 10 << 4 | value % 10 : value);
}

}  // namespace

std::uint64_t number_max(number_form form, std::size_t size) {
  const auto base = base_of(form);
  if (base == 256 && size >= 8)
    return std::numeric_limits<std::uint64_t>::max();
  std::uint64_t count = 1;
  for (std::size_t i = 0; i < size; ++i)
    count *= base;
  return count - 1;
}

void append_number(std::string& out, std::uint64_t number, number_form form, std::size_t size) {
  const auto base = base_of(form);
  const auto begin = out.size();
  for (std::size_t i = 0; i < size; ++i, number /= base)
    out += byte_of(number % base, form);
  if (form != number_form::little_endian)
    std::reverse(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end());
}

bool is_number(std::string_view bytes, number_form form) {
  return std::ranges::all_of(bytes, [form](char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (form == number_form::ascii)
      return byte >= '0' && byte <= '9';
    return form != number_form::bcd || (byte >> 4 <= 9 && (byte & 15) <= 9);
  });
}

std::uint64_t number_in(std::string_view bytes, number_form form) {
  const auto base = base_of(form);
  std::uint64_t number = 0;
  if (form == number_form::little_endian)
    for (auto at = bytes.size(); at-- != 0;)
      number = number * base + value_of(bytes[at], form);
  else
    for (const char c : bytes)
      number = number * base + value_of(c, form);
  return number;
}

}  // namespace net
