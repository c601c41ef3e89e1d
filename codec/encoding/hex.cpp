// Bytes written as hexadecimal text on the wire, in ASCII or EBCDIC: two characters a byte. We write upper
// case and read both.
#include "codec/encoding/encoding.hpp"

#include "codec/text/hex.hpp"

namespace codec {

namespace {

std::size_t size(std::size_t units, const value_form&) { return 2 * units; }

std::size_t units(std::size_t size, const value_form&) { return size / 2; }

// EBCDIC has digits at f0, capital letters at c1, small ones at 81.
char of_ebcdic(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return static_cast<char>(byte >= 0xf0 && byte <= 0xf9   ? byte - 0xf0 + '0'
                           : byte >= 0xc1 && byte <= 0xc6 ? byte - 0xc1 + 'A'
                           : byte >= 0x81 && byte <= 0x86 ? byte - 0x81 + 'a'
                                                          : '?');
}

char to_ebcdic(char c) { return static_cast<char>(c <= '9' ? c - '0' + 0xf0 : c - 'A' + 0xc1); }

template <bool Ebcdic>
std::size_t first_bad(std::string_view bytes, std::size_t, const value_form&) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = Ebcdic ? of_ebcdic(bytes[i]) : bytes[i];
    if (!is_hex({&c, 1}))
      return i;
  }
  return all_good;
}

template <bool Ebcdic>
void read(std::string_view bytes, std::size_t, const value_form&, std::string& text) {
  for (const char byte : bytes) {
    const char c = Ebcdic ? of_ebcdic(byte) : byte;
    text += c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
  }
}

template <bool Ebcdic>
void write(std::string_view text, std::size_t, const value_form&, std::string& bytes) {
  for (const char digit : text) {
    const char c = digit >= 'a' && digit <= 'f' ? static_cast<char>(digit - 32) : digit;
    bytes += Ebcdic ? to_ebcdic(c) : c;
  }
}

}  // namespace

const encoding hex_encoding{"hex", false, size, units, first_bad<false>, read<false>, write<false>};
const encoding ebcdic_hex_encoding{"ebcdic-hex",    false,      size,       units,
                                   first_bad<true>, read<true>, write<true>};

}  // namespace codec
