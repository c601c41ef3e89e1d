// The bitmap: one bit a field, 64 to a block. The first bit of a block says
// that another block follows (ISO 8583:1993, 4.3.2).
#pragma once

#include <bitset>
#include <string>
#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace codec {

struct bitmap {
  std::bitset<field_max + 1>
    present;             ///< by field number; 0 unused; the bits that announce a block are not set
  std::size_t size = 0;  ///< bytes on the wire
};

/// The bitmap at `offset`. Faults carry field 1.
result<bitmap> read_bitmap(std::string_view in, std::size_t offset, bitmap_form form);

/// The bitmap that announces the fields of `m`, as bytes: 8, 16 or 24.
std::string bitmap_bytes(const message& m);

/// As the wire has it in `form`.
std::string write_bitmap(const message& m, bitmap_form form);

}  // namespace codec
