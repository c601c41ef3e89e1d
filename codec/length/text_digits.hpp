// A length as text: one character a digit. For codec/length alone.
#pragma once

#include "codec/length/length.hpp"

namespace codec {

/// `zero`: the character of the digit 0; those of 1 to 9 follow it, as they do in ASCII and in every EBCDIC
/// code page.
template <unsigned char zero>
struct text_digits {
  static std::ptrdiff_t read(std::string_view bytes) {
    std::ptrdiff_t number = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto digit = static_cast<unsigned char>(bytes[i]) - zero;
      if (digit < 0 || digit > 9)
        return -1 - static_cast<std::ptrdiff_t>(i);
      number = number * 10 + digit;
    }
    return number;
  }

  static void write(std::size_t length, std::size_t size, std::string& bytes) {
    bytes.append(size, static_cast<char>(zero));
    for (auto at = bytes.rbegin(); length > 0; length /= 10, ++at)
      *at = static_cast<char>(zero + length % 10);
  }

  static std::size_t most(std::size_t size) {
    std::size_t number = 1;
    for (; size > 0; --size)
      number *= 10;
    return number - 1;
  }

  static constexpr length_coding coding(std::string_view name) { return {name, read, write, most, 6}; }
};

}  // namespace codec
