// A big-endian number.
#include "codec/length/length.hpp"

namespace codec {

namespace {

std::ptrdiff_t read(std::string_view bytes) {
  std::ptrdiff_t number = 0;
  for (const char c : bytes)
    number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

void write(std::size_t length, std::size_t size, std::string& bytes) {
  for (; size > 0; --size)
    bytes += static_cast<char>(length >> 8 * (size - 1) & 255);
}

std::size_t most(std::size_t size) { return (std::size_t{1} << 8 * size) - 1; }

}  // namespace

const length_coding binary_length{"binary", read, write, most, 4};

}  // namespace codec
