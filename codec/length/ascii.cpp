// One ASCII digit a byte.
#include "codec/length/length.hpp"

namespace codec {

namespace {

constexpr unsigned char zero = '0';

std::ptrdiff_t read(std::string_view bytes) {
  std::ptrdiff_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto digit = static_cast<unsigned char>(bytes[i]) - zero;
    if (digit < 0 || digit > 9)
      return -1 - static_cast<std::ptrdiff_t>(i);
    number = number * 10 + digit;
  }
  return number;
}

void write(std::size_t length, std::size_t size, std::string& bytes) {
  bytes.append(size, static_cast<char>(zero));
  for (auto at = bytes.rbegin(); length > 0; length /= 10, ++at)
    *at = static_cast<char>(zero + length % 10);
}

std::size_t most(std::size_t size) {
  std::size_t number = 1;
  for (; size > 0; --size)
    number *= 10;
  return number - 1;
}

}  // namespace

const length_coding ascii_length{"ascii", read, write, most, 6};

}  // namespace codec
