#include "codec/bitmap.hpp"

#include "codec/encoding/encoding.hpp"

namespace codec {

namespace {

constexpr std::size_t block_size = 8;
constexpr std::size_t blocks_max = field_max / 64;
constexpr std::uint64_t announces_another = std::uint64_t{1} << 63;
constexpr value_form as_bytes{nullptr, content::b};

using blocks = std::array<std::uint64_t, blocks_max>;

const encoding& encoding_of(bitmap_form form) {
  return form == bitmap_form::binary ? binary_encoding
         : form == bitmap_form::hex  ? hex_encoding
                                     : ebcdic_hex_encoding;
}

std::uint64_t digits_to_bits(std::string_view hex) {
  std::uint64_t bits = 0;
  for (const char c : hex)
    bits = bits << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  return bits;
}

std::uint64_t big_endian(const char* at) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < block_size; ++i)
    bits = bits << 8 | static_cast<unsigned char>(at[i]);
  return bits;
}

// The block at `at`, as far as it is there: what is there can be wrong before it is complete.
result<std::uint64_t> read_block(std::string_view in, std::size_t at, bitmap_form form) {
  const auto& coded = encoding_of(form);
  const auto here = in.substr(std::min(at, in.size()), coded.size(block_size, as_bytes));
  if (coded.first_bad(here, block_size, as_bytes) != all_good)
    return fault{fault_code::bad_bitmap, 1, at};
  if (here.size() < coded.size(block_size, as_bytes))
    return fault{fault_code::truncated, 1, in.size()};
  if (form == bitmap_form::binary)
    return big_endian(here.data());
  std::string digits;
  coded.read(here, block_size, as_bytes, digits);
  return digits_to_bits(digits);
}

void append_block(std::string& out, std::uint64_t bits, bitmap_form form) {
  if (form == bitmap_form::binary) {
    char bytes[block_size];
    for (auto& byte : bytes) {
      byte = static_cast<char>(bits >> 56);
      bits <<= 8;
    }
    out.append(bytes, block_size);
    return;
  }
  std::string digits;
  for (unsigned shift = 64; shift > 0;)
    digits += "0123456789abcdef"[bits >> (shift -= 4) & 15];
  encoding_of(form).write(digits, block_size, as_bytes, out);
}

// Which block the last field is in.
std::size_t blocks_of(const message& m, blocks& all) {
  std::size_t last = 0;
  for (const auto& p : m.index())
    if (p.number > 1) {
      last = static_cast<std::size_t>(p.number - 1) / 64;
      all[last] |= announces_another >> (p.number - 1) % 64;
    }
  return last;
}

}  // namespace

result<bitmap> read_bitmap(std::string_view in, std::size_t offset, const bitmap_rules& rules) {
  bitmap map;
  // The usual one: eight bytes and no other behind them.
  if (rules.form == bitmap_form::binary && !rules.always_two && in.size() >= offset + block_size &&
      static_cast<unsigned char>(in[offset]) < 0x80) {
    map.present.set_block(0, big_endian(in.data() + offset));
    map.size = block_size;
    return map;
  }
  const auto size = encoding_of(rules.form).size(block_size, as_bytes);
  for (std::size_t block = 0; block < blocks_max; ++block) {
    const auto bits = read_block(in, offset + map.size, rules.form);
    if (!bits)
      return bits.error();
    map.size += size;
    if (block == 1 && rules.third == third_bitmap::in_field_65) {
      map.present.set_block(block, *bits);
      return map;
    }
    map.present.set_block(block, *bits & ~announces_another);
    if ((*bits & announces_another) == 0 && !(block == 0 && rules.always_two))
      return map;
  }
  return fault{fault_code::bad_bitmap, 1, offset + (blocks_max - 1) * size};
}

result<bitmap> read_third_bitmap(std::string_view in, std::size_t offset, bitmap map,
                                 const bitmap_rules& rules) {
  const auto bits = read_block(in, offset, rules.form);
  if (!bits)
    return fault{bits.error().code, 65, bits.error().offset};
  if ((*bits & announces_another) != 0)
    return fault{fault_code::bad_bitmap, 65, offset};
  map.present.set_block(2, *bits);
  map.size = encoding_of(rules.form).size(block_size, as_bytes);
  return map;
}

std::string bitmap_bytes(const message& m) { return write_bitmap(m, bitmap_form::binary); }

std::string write_bitmap(const message& m, const bitmap_rules& rules) {
  std::string bytes;
  append_bitmap(bytes, m, rules);
  return bytes;
}

void append_bitmap(std::string& out, const message& m, const bitmap_rules& rules) {
  blocks all{};
  auto last = std::max<std::size_t>(blocks_of(m, all), rules.always_two ? 1 : 0);
  if (last == 2 && rules.third == third_bitmap::in_field_65) {
    all[1] |= announces_another;
    last = 1;
  }
  for (std::size_t block = 0; block <= last; ++block)
    append_block(out, block < last ? all[block] | announces_another : all[block], rules.form);
}

void append_third_bitmap(std::string& out, const message& m, const bitmap_rules& rules) {
  blocks all{};
  if (rules.third == third_bitmap::in_field_65 && blocks_of(m, all) == 2)
    append_block(out, all[2], rules.form);
}

}  // namespace codec
