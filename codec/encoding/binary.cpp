// Bytes as they are, hexadecimal as text; of content `n` a big-endian unsigned number, decimal as text.
#include "codec/encoding/encoding.hpp"

#include "codec/text/hex.hpp"

namespace codec {

namespace {

std::size_t size(std::size_t units, const value_form&) { return units; }

std::size_t units(std::size_t size, const value_form&) { return size; }

std::size_t first_bad(std::string_view, std::size_t, const value_form&) { return all_good; }

void read(std::string_view bytes, std::size_t, const value_form& form, std::string& text) {
  if (form.what != content::n) {
    append_hex(bytes, text);
    return;
  }
  unsigned long long number = 0;
  for (const char c : bytes)
    number = number << 8 | static_cast<unsigned char>(c);
  text += std::to_string(number);
}

void write(std::string_view text, std::size_t units, const value_form& form, std::string& bytes) {
  if (form.what != content::n) {
    append_bytes(text, bytes);
    return;
  }
  unsigned long long number = 0;
  for (const char c : text)
    number = number * 10 + static_cast<unsigned>(c - '0');
  for (auto left = units; left > 0; --left)
    bytes += static_cast<char>(left > sizeof number ? 0 : number >> 8 * (left - 1) & 255);
}

}  // namespace

const encoding binary_encoding{"binary", false, size, units, first_bad, read, write};

}  // namespace codec
