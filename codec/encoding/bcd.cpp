// Two digits a byte. The half byte that is left of an odd number of digits is filled up, on the side that the
// form says, and never looked at when it is read. Track data has D between its parts, "=" as text. The sign
// of an amount is a byte of its own in front (ISO 8583:1987, x+n).
#include "codec/encoding/encoding.hpp"

#include <algorithm>

namespace codec {

namespace {

constexpr unsigned separator = 0xd, filling = 0xf;

std::size_t sign_size(const value_form& form) { return form.what == content::xn ? 1 : 0; }

std::size_t size(std::size_t units, const value_form& form) {
  const auto sign = std::min(sign_size(form), units);
  return sign + (units - sign + 1) / 2;
}

std::size_t units(std::size_t size, const value_form& form) {
  const auto sign = std::min(sign_size(form), size);
  return sign + 2 * (size - sign);
}

unsigned half_byte(std::string_view bytes, std::size_t half) {
  const auto byte = static_cast<unsigned char>(bytes[half / 2]);
  return half % 2 == 0 ? byte >> 4U : byte & 15U;
}

// The half bytes that are digits of the value: all but the one that fills up an odd number.
struct halves {
  std::size_t begin, end;
};

halves digits_of(std::size_t digits, const value_form& form) {
  const std::size_t odd = digits % 2;
  return form.filled == side::left ? halves{odd, digits + odd} : halves{0, digits};
}

std::size_t first_bad(std::string_view bytes, std::size_t units, const value_form& form) {
  const auto sign = sign_size(form);
  if (sign != 0 && !bytes.empty() && bytes[0] != 'C' && bytes[0] != 'D')
    return 0;
  const auto packed = bytes.substr(std::min(sign, bytes.size()));
  const auto [begin, end] = digits_of(units - std::min(sign, units), form);
  const bool may_be_filled = form.filler == 'F';
  bool in_filling = may_be_filled && form.filled == side::left;
  for (auto half = begin; half < std::min(end, 2 * packed.size()); ++half) {
    const auto digit = half_byte(packed, half);
    if (may_be_filled && digit == filling && (in_filling || form.filled == side::right)) {
      in_filling = true;
      continue;
    }
    if ((in_filling && form.filled == side::right) ||
        (digit > 9 && (form.what != content::z || digit != separator)))
      return sign + half / 2;
    in_filling = false;
  }
  return all_good;
}

void read(std::string_view bytes, std::size_t units, const value_form& form, std::string& text) {
  const auto sign = std::min(sign_size(form), units);
  text += bytes.substr(0, sign);
  const auto packed = bytes.substr(sign);
  const auto [begin, end] = digits_of(units - sign, form);
  for (auto half = begin; half < end; ++half)
    text += "0123456789ABC=EF"[half_byte(packed, half)];
}

unsigned digit_of(char c) {
  return c >= '0' && c <= '9' ? static_cast<unsigned>(c - '0') : c == 'F' ? filling : separator;
}

void write(std::string_view text, std::size_t, const value_form& form, std::string& bytes) {
  const auto sign = std::min(sign_size(form), text.size());
  bytes += text.substr(0, sign);
  text.remove_prefix(sign);
  const auto fill = form.filler == 'F' ? filling : 0U;
  const auto two = [&bytes](unsigned high, unsigned low) { bytes += static_cast<char>(high << 4 | low); };
  if (text.size() % 2 != 0 && form.filled == side::left) {
    two(fill, digit_of(text[0]));
    text.remove_prefix(1);
  }
  for (; text.size() >= 2; text.remove_prefix(2))
    two(digit_of(text[0]), digit_of(text[1]));
  if (!text.empty())
    two(digit_of(text[0]), fill);
}

}  // namespace

const encoding bcd_encoding{"bcd", false, size, units, first_bad, read, write};

}  // namespace codec
