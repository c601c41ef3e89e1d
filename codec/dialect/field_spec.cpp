#include "codec/dialect/field_spec.hpp"

#include <algorithm>
#include <array>

#include "codec/text/hex.hpp"

namespace codec {

namespace {

using enum length_form;
using enum content_form;

// The packers of the old program under their old names, which config files use.
constexpr std::array types{
  field_type{"n", fixed, digits, padding::zero},
  field_type{"a", fixed, content_form::text, padding::zero},
  field_type{"an", fixed, content_form::text, padding::zero},
  field_type{"ans", fixed, content_form::text, padding::space},
  field_type{"b", fixed, bytes, padding::zero},
  field_type{"b-hex", fixed, content_form::number, padding::zero},
  field_type{"ll-n", ascii, digits, padding::none},
  field_type{"ll-an", ascii, content_form::text, padding::none},
  field_type{"ll-bin-an", bcd, bytes, padding::none},
};

// How many characters of a value make one unit of `length_max`.
std::size_t width(content_form content) { return content == bytes ? 2 : 1; }

bool all_digits(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

const field_type* find_field_type(std::string_view name) {
  const auto it = std::ranges::find(types, name, &field_type::name);
  return it == types.end() ? nullptr : it;
}

bool is_blank(std::string_view value) {
  return value.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

std::optional<fault_code> value_fault(std::string_view value, const field_spec& spec) {
  const auto content = spec.type->content;
  if ((content == digits || content == content_form::number) && !all_digits(value))
    return fault_code::not_a_digit;
  if (content == content_form::number) {
    // The decimal digits of 8 bytes; wider numbers are no field of any dialect.
    const auto significant = value.substr(std::min(value.find_first_not_of('0'), value.size()));
    if (significant.size() > 19)
      return fault_code::too_long;
    const auto bits = 8 * spec.length_max;
    if (!significant.empty() && bits < 64 && std::stoull(std::string(significant)) >> bits != 0)
      return fault_code::too_long;
    return {};
  }
  if (content == bytes) {
    if (!is_hex(value) || (!spec.is_fixed() && value.size() % 2 != 0))
      return fault_code::not_hex;
  }
  if (value.size() > spec.length_max * width(content))
    return fault_code::too_long;
  return {};
}

std::string canonical(std::string_view value, const field_spec& spec) {
  std::string full;
  const auto content = spec.type->content;
  const auto size = spec.length_max * width(content);
  if (spec.is_fixed() && content != content_form::number && value.size() < size)
    full.assign(size - value.size(), static_cast<char>(spec.type->pad));
  full += value;
  if (content == bytes)
    std::ranges::transform(full, full.begin(),
                           [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return full;
}

}  // namespace codec
