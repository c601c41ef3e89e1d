// The bitmap: one bit a field, 64 to a block. The first bit of a block says
// that another block follows (ISO 8583:1993, 4.3.2).
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// Numbers from 1 to `field_max`.
class field_set {
public:
  bool test(std::size_t number) const { return (block_of(number) >> bit_of(number) & 1) != 0; }
  void set(std::size_t number) { blocks_[(number - 1) / 64] |= std::uint64_t{1} << bit_of(number); }
  void set_block(std::size_t block, std::uint64_t bits) { blocks_[block] = bits; }

  int count() const {
    int all = 0;
    for (const auto block : blocks_)
      if (block != 0)
        all += std::popcount(block);
    return all;
  }

  /// The lowest number above this one, or `field_max` + 1.
  int next(int above) const {
    auto block = static_cast<std::size_t>(above) / 64;
    if (block >= blocks_.size())
      return field_max + 1;
    auto rest = blocks_[block] << above % 64 >> above % 64;
    while (rest == 0) {
      if (++block == blocks_.size())
        return field_max + 1;
      rest = blocks_[block];
    }
    return static_cast<int>(block) * 64 + std::countl_zero(rest) + 1;
  }

private:
  std::uint64_t block_of(std::size_t number) const { return blocks_[(number - 1) / 64]; }
  static unsigned bit_of(std::size_t number) { return 63 - (number - 1) % 64; }

  std::array<std::uint64_t, field_max / 64> blocks_{};  // field 1 is the highest bit of the first
};

struct bitmap {
  field_set present;     ///< the bits that announce a block are not set
  std::size_t size = 0;  ///< bytes on the wire
};

/// The bitmap at `offset`. Faults carry field 1. A third one that is in field 65 is not read here.
result<bitmap> read_bitmap(std::string_view in, std::size_t offset, const bitmap_rules& rules);

/// `map` with the third bitmap too, read as the value of field 65; the size is of that one.
result<bitmap> read_third_bitmap(std::string_view in, std::size_t offset, bitmap map,
                                 const bitmap_rules& rules);

/// The bitmap that announces the fields of `m`, as bytes: 8, 16 or 24.
std::string bitmap_bytes(const message& m);

/// As the wire has it.
std::string write_bitmap(const message& m, const bitmap_rules& rules);

/// The same behind what is there.
void append_bitmap(std::string& out, const message& m, const bitmap_rules& rules);

/// Appends the third bitmap where it is the value of field 65.
void append_third_bitmap(std::string& out, const message& m, const bitmap_rules& rules);

}  // namespace codec
