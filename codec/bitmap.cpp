#include "codec/bitmap.hpp"

#include "codec/text/hex.hpp"

namespace codec {

namespace {

constexpr std::size_t block_size = 8;
constexpr std::size_t blocks_max = field_max / 64;

bool announces_another(char first_byte) { return (static_cast<unsigned char>(first_byte) & 0x80) != 0; }

}  // namespace

result<bitmap> read_bitmap(std::string_view in, std::size_t offset, bitmap_form form) {
  const std::size_t unit = form == bitmap_form::hex ? 2 : 1;
  bitmap map;
  for (std::size_t block = 0; block < blocks_max; ++block) {
    const auto at = offset + map.size;
    // What is there can be wrong before it is complete.
    const auto here = in.substr(std::min(at, in.size()), block_size * unit);
    if (form == bitmap_form::hex && !is_hex(here))
      return fault{fault_code::bad_bitmap, 1, at};
    if (here.size() < block_size * unit)
      return fault{fault_code::truncated, 1, in.size()};
    const auto bytes = form == bitmap_form::hex ? *from_hex(here) : std::string(here);
    map.size += block_size * unit;
    for (std::size_t bit = 1; bit < 64; ++bit)
      if ((static_cast<unsigned char>(bytes[bit / 8]) >> (7 - bit % 8) & 1) != 0)
        map.present.set(block * 64 + bit + 1);
    if (!announces_another(bytes[0]))
      return map;
  }
  return fault{fault_code::bad_bitmap, 1, offset + (blocks_max - 1) * block_size * unit};
}

std::string bitmap_bytes(const message& m) {
  int highest = 0;
  for (const auto& f : m)
    highest = f.number;
  const auto blocks = static_cast<std::size_t>(highest <= 64 ? 1 : highest <= 128 ? 2 : 3);
  std::string bytes(blocks * block_size, '\0');
  const auto set_bit = [&bytes](std::size_t bit) {
    bytes[bit / 8] = static_cast<char>(static_cast<unsigned char>(bytes[bit / 8]) | 0x80U >> bit % 8);
  };
  for (std::size_t block = 0; block + 1 < blocks; ++block)
    set_bit(block * 64);
  for (const auto& f : m)
    if (f.number > 1)
      set_bit(static_cast<std::size_t>(f.number) - 1);
  return bytes;
}

std::string write_bitmap(const message& m, bitmap_form form) {
  auto bytes = bitmap_bytes(m);
  return form == bitmap_form::hex ? to_upper_hex(bytes) : bytes;
}

}  // namespace codec
