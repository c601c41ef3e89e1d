#include "codec/dialect/field_length.hpp"

namespace codec {

result<std::size_t> field_length(std::string_view in, std::size_t offset, const field_spec& spec) {
  if (spec.is_fixed())
    return spec.length_max;
  std::size_t length = 0;
  const auto take_digit = [&length](unsigned digit) {
    length = length * 10 + digit;
    return digit <= 9;
  };
  for (const auto end = offset + spec.prefix_size(); offset < end; ++offset) {
    if (offset >= in.size())
      return fault{fault_code::truncated, spec.number, in.size()};
    const auto byte = static_cast<unsigned char>(in[offset]);
    const bool good = spec.type->length == length_form::ascii
                        ? take_digit(static_cast<unsigned>(byte - '0'))
                        : take_digit(byte >> 4) && take_digit(byte & 15U);
    if (!good)
      return fault{fault_code::not_a_digit, spec.number, offset};
  }
  if (length > spec.length_max)
    return fault{fault_code::too_long, spec.number, offset};
  return length;
}

std::string length_prefix(std::size_t length, const field_spec& spec) {
  std::string prefix(spec.prefix_size(), '\0');
  for (auto at = prefix.rbegin(); at != prefix.rend(); ++at) {
    if (spec.type->length == length_form::ascii) {
      *at = static_cast<char>('0' + length % 10);
      length /= 10;
    } else {
      *at = static_cast<char>(length / 10 % 10 << 4 | length % 10);
      length /= 100;
    }
  }
  return prefix;
}

}  // namespace codec
