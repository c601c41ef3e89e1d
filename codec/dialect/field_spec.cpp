#include "codec/dialect/field_spec.hpp"

#include <algorithm>
#include <array>

#include "codec/text/hex.hpp"

namespace codec {

namespace {

// The packers of the old program under their old names, which config files use.
struct field_type {
  std::string_view name;
  content what;
  const encoding* coded;
  const length_coding* length;  ///< nullptr: fixed
  char filler;
};

constexpr std::array types{
  field_type{"n", content::n, &ascii_encoding, nullptr, '0'},
  field_type{"a", content::any, &ascii_encoding, nullptr, '0'},
  field_type{"an", content::any, &ascii_encoding, nullptr, '0'},
  field_type{"ans", content::any, &ascii_encoding, nullptr, ' '},
  field_type{"b", content::b, &binary_encoding, nullptr, '0'},
  field_type{"b-hex", content::n, &binary_encoding, nullptr, '\0'},
  field_type{"ll-n", content::n, &ascii_encoding, &ascii_length, '\0'},
  field_type{"ll-an", content::any, &ascii_encoding, &ascii_length, '\0'},
  field_type{"ll-bin-an", content::b, &binary_encoding, &bcd_length, '\0'},
  field_type{"ll-b", content::b, &binary_encoding, &bcd_length, '\0'},
  field_type{"ll-bin-n", content::n, &ascii_encoding, &bcd_length, '\0'},
  field_type{"ll-bin-hn", content::n, &bcd_encoding, &bcd_length, '0'},
  field_type{"ll-bin-char", content::any, &ascii_encoding, &bcd_length, '\0'},
  field_type{"bn", content::n, &bcd_encoding, nullptr, '0'},
};

bool is_number(const value_form& form) { return form.coded == &binary_encoding && form.what == content::n; }

// Digits, characters or bytes that a text has.
std::size_t units_of(std::string_view value, const field_spec& spec) {
  return is_number(spec.form)           ? spec.length_max
         : spec.form.what == content::b ? (value.size() + 1) / 2
                                        : value.size();
}

std::optional<fault_code> number_fault(std::string_view value, std::size_t size) {
  // The decimal digits of 8 bytes; wider numbers are no field of any dialect.
  const auto significant = value.substr(std::min(value.find_first_not_of('0'), value.size()));
  if (significant.size() > 19)
    return fault_code::too_long;
  if (!significant.empty() && size < 8 && std::stoull(std::string(significant)) >> 8 * size != 0)
    return fault_code::too_long;
  return {};
}

fault_code wrong_character(content what) {
  return what == content::n || what == content::xn ? fault_code::not_a_digit
         : what == content::b                      ? fault_code::not_hex
                                                   : fault_code::wrong_character;
}

// A short value of a fixed field in its full width.
std::string filled(std::string_view value, const field_spec& spec) {
  const auto width = spec.text_size_max();
  if (!spec.is_fixed() || spec.form.filler == '\0' || is_number(spec.form) || value.size() >= width)
    return std::string(value);
  std::string full;
  full.reserve(width);
  // Behind the sign of an amount.
  const std::size_t sign = spec.form.what == content::xn ? 1 : 0;
  full += value.substr(0, sign);
  if (spec.form.filled == side::left)
    full.append(width - value.size(), spec.form.filler);
  full += value.substr(std::min(sign, value.size()));
  full.resize(width, spec.form.filler);
  return full;
}

}  // namespace

bool set_type(field_spec& spec, std::string_view type, std::size_t length_max) {
  const auto* it = std::ranges::find(types, type, &field_type::name);
  if (it == types.end())
    return false;
  spec.form = {it->coded, it->what, it->filler};
  spec.length = {};
  spec.length_max = length_max;
  if (it->length) {
    const std::size_t short_form = it->length == &ascii_length ? 2 : 1;
    spec.length = {it->length, static_cast<std::uint8_t>(length_max <= 99 ? short_form : short_form + 1)};
  }
  return true;
}

std::string fault_of_columns(const field_spec& spec) {
  const auto length = "length " + std::to_string(spec.length_max);
  constexpr std::size_t fixed_max = 9999;
  if (spec.length_max == 0 || (spec.is_fixed() && spec.length_max > (is_number(spec.form) ? 8 : fixed_max)))
    return length + " is out of range";
  if (!spec.is_fixed() &&
      (spec.length.counts == counting::units ? spec.length_max : spec.content_size_max()) >
        spec.length.coded->most(spec.length.size))
    return length + " is out of range: the number in front of the value cannot be as large";
  return {};
}

bool is_blank(std::string_view value) {
  return value.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

std::optional<fault_code> value_fault(std::string_view value, const field_spec& spec) {
  const auto what = spec.form.what;
  if (first_wrong_character(value, what) != all_good)
    return wrong_character(what);
  if (is_number(spec.form))
    return number_fault(value, spec.length_max);
  if (what == content::b && !spec.is_fixed() && value.size() % 2 != 0)
    return fault_code::not_hex;
  const auto size_max = spec.text_size_max();
  if (value.size() > size_max)
    return fault_code::too_long;
  if (value.size() < size_max && spec.is_fixed() && spec.form.filler == '\0')
    return fault_code::wrong_length;
  if (what == content::xn && value.empty())
    return fault_code::not_a_digit;
  return {};
}

std::string canonical(std::string_view value, const field_spec& spec) {
  auto text = spec.form.trim ? std::string(trimmed(value, spec.form)) : filled(value, spec);
  if (spec.form.what == content::b)
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return text;
}

void append_value(std::string& out, std::string_view value, const field_spec& spec) {
  const auto& form = spec.form;
  const bool is_short = spec.is_fixed() && value.size() < spec.text_size_max() && form.filler != '\0';
  if (form.coded->plain && !is_short) {
    append_content(out, value, value.size(), spec);
    return;
  }
  const auto units = units_of(value, spec);
  if (!spec.is_fixed())
    spec.length.coded->write(spec.length.counts == counting::units ? units : form.coded->size(units, form),
                             spec.length.size, out);
  if (is_short)
    form.coded->write(filled(value, spec), spec.length_max, form, out);
  else
    form.coded->write(value, units, form, out);
}

void append_content(std::string& out, std::string_view bytes, std::size_t units, const field_spec& spec) {
  if (!spec.is_fixed())
    spec.length.coded->write(spec.length.counts == counting::units ? units : bytes.size(), spec.length.size,
                             out);
  out += bytes;
}

result<extent> find_value(std::string_view in, std::size_t offset, const field_spec& spec) {
  const auto& form = spec.form;
  if (spec.is_fixed())
    return extent{offset, spec.length_max, form.coded->size(spec.length_max, form)};
  const auto prefix = in.substr(std::min(offset, in.size()), spec.length.size);
  const auto number = spec.length.coded->read(prefix);
  if (number < 0)
    return fault{fault_code::not_a_digit, spec.number, offset + static_cast<std::size_t>(-1 - number)};
  if (prefix.size() < spec.length.size)
    return fault{fault_code::truncated, spec.number, in.size()};
  const auto at = offset + prefix.size();
  const auto count = static_cast<std::size_t>(number);
  if (spec.length.counts == counting::units) {
    if (count > spec.length_max)
      return fault{fault_code::too_long, spec.number, at};
    return extent{at, count, form.coded->size(count, form)};
  }
  const auto units = form.coded->units(count, form);
  if (count > spec.content_size_max())
    return fault{fault_code::too_long, spec.number, at};
  if (form.coded->size(units, form) != count)
    return fault{fault_code::wrong_length, spec.number, at};
  return extent{at, units, count};
}

std::optional<fault> content_fault(std::string_view in, const extent& where, const field_spec& spec) {
  const auto here = in.substr(std::min(where.at, in.size()), where.size);
  const auto bad = spec.form.coded->first_bad(here, where.units, spec.form);
  if (bad != all_good)
    return fault{wrong_character(spec.form.what), spec.number, where.at + bad};
  if (here.size() < where.size)
    return fault{fault_code::truncated, spec.number, in.size()};
  return {};
}

}  // namespace codec
