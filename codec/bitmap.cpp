#include "codec/bitmap.hpp"

#include "codec/text/hex.hpp"

namespace codec {

namespace {

constexpr std::size_t block_size = 8;
constexpr std::size_t blocks_max = field_max / 64;
constexpr std::uint64_t announces_another = std::uint64_t{1} << 63;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t bits = 0;
  for (const char c : bytes)
    bits = bits << 8 | static_cast<unsigned char>(c);
  return bits;
}

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
    const auto bits = big_endian(form == bitmap_form::hex ? std::string_view(*from_hex(here)) : here);
    map.size += block_size * unit;
    map.present.set_block(block, bits & ~announces_another);
    if ((bits & announces_another) == 0)
      return map;
  }
  return fault{fault_code::bad_bitmap, 1, offset + (blocks_max - 1) * block_size * unit};
}

std::string bitmap_bytes(const message& m) { return write_bitmap(m, bitmap_form::binary); }

std::string write_bitmap(const message& m, bitmap_form form) {
  std::string bytes;
  append_bitmap(bytes, m, form);
  return bytes;
}

void append_bitmap(std::string& out, const message& m, bitmap_form form) {
  std::array<std::uint64_t, blocks_max> blocks{};
  std::size_t last = 0;
  for (const auto& p : m.index())
    if (p.number > 1) {
      last = static_cast<std::size_t>(p.number - 1) / 64;
      blocks[last] |= announces_another >> (p.number - 1) % 64;
    }
  char bytes[8 * blocks_max];
  auto* to = bytes;
  for (std::size_t block = 0; block <= last; ++block) {
    if (block < last)
      blocks[block] |= announces_another;
    for (unsigned shift = 64; shift > 0;)
      *to++ = static_cast<char>(blocks[block] >> (shift -= 8) & 255);
  }
  const std::string_view all(bytes, block_size * (last + 1));
  if (form == bitmap_form::hex)
    out += to_upper_hex(all);
  else
    out += all;
}

}  // namespace codec
