// Two digits a byte.
#include "codec/length/length.hpp"

namespace codec {

namespace {

std::ptrdiff_t read(std::string_view bytes) {
  std::ptrdiff_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte >> 4 > 9 || (byte & 15) > 9)
      return -1 - static_cast<std::ptrdiff_t>(i);
    number = number * 100 + (byte >> 4) * 10 + (byte & 15);
  }
  return number;
}

void write(std::size_t length, std::size_t size, std::string& bytes) {
  bytes.append(size, '\0');
  for (auto at = bytes.rbegin(); length > 0; length /= 100, ++at)
    *at = static_cast<char>(length / 10 % 10 << 4 | length % 10);
}

std::size_t most(std::size_t size) {
  std::size_t number = 1;
  for (; size > 0; --size)
    number *= 100;
  return number - 1;
}

}  // namespace

const length_coding bcd_length{"bcd", read, write, most, 3};

}  // namespace codec
