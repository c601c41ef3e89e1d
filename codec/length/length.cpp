#include "codec/length/length.hpp"

#include <algorithm>
#include <array>

namespace codec {

namespace {

constexpr std::array codings{&ascii_length, &bcd_length, &binary_length, &ebcdic_length};

}  // namespace

const length_coding* find_length_coding(std::string_view name) {
  const auto it = std::ranges::find(codings, name, &length_coding::name);
  return it == codings.end() ? nullptr : *it;
}

}  // namespace codec
