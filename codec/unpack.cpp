#include "codec/unpack.hpp"

#include "codec/bitmap.hpp"
#include "codec/dialect/field_length.hpp"
#include "codec/mti.hpp"
#include "codec/text/hex.hpp"

namespace codec {

namespace {

std::string decimal(std::string_view big_endian) {
  unsigned long long number = 0;
  for (const char c : big_endian)
    number = number << 8 | static_cast<unsigned char>(c);
  return std::to_string(number);
}

struct read_field_result {
  std::string value;
  std::size_t end;
};

result<read_field_result> read_field(std::string_view in, std::size_t offset, const field_spec& spec) {
  const auto length = field_length(in, offset, spec);
  if (!length)
    return length.error();
  offset += spec.prefix_size();
  const auto here = in.substr(std::min(offset, in.size()), *length);
  if (spec.type->content == content_form::digits)
    for (std::size_t i = 0; i < here.size(); ++i)
      if (here[i] < '0' || here[i] > '9')
        return fault{fault_code::not_a_digit, spec.number, offset + i};
  if (here.size() < *length)
    return fault{fault_code::truncated, spec.number, in.size()};
  auto value = spec.type->content == content_form::bytes    ? to_hex(here)
               : spec.type->content == content_form::number ? decimal(here)
                                                            : std::string(here);
  return read_field_result{std::move(value), offset + *length};
}

// More would not help: a field behind the one that is cut off is not in the dialect.
fault cut_off(const fault& truncated, const bitmap& map, std::size_t behind_bitmap, const dialect& d) {
  for (int number = truncated.field + 1; number <= field_max; ++number)
    if (map.present.test(static_cast<std::size_t>(number)) && !d.find(number))
      return {fault_code::unknown_field, number, behind_bitmap};
  return truncated;
}

}  // namespace

result<unpacked> unpack_front(std::string_view in, const dialect& d) {
  unpacked out{{}, 0};
  auto mti = read_field(in, 0, *d.find(0));
  if (!mti)
    return mti.error().code == fault_code::truncated ? mti.error()
                                                     : fault{fault_code::bad_mti, 0, mti.error().offset};
  if (!is_mti(mti->value))
    return fault{fault_code::bad_mti, 0, 0};
  out.value.set(0, std::move(mti->value));

  const auto map = read_bitmap(in, mti->end, d.bitmap);
  if (!map)
    return map.error();
  const auto behind_bitmap = mti->end + map->size;
  auto offset = behind_bitmap;

  for (int number = 2; number <= field_max; ++number) {
    if (!map->present.test(static_cast<std::size_t>(number)))
      continue;
    const auto* spec = d.find(number);
    if (!spec)
      return fault{fault_code::unknown_field, number, offset};
    auto field = read_field(in, offset, *spec);
    if (!field)
      return field.error().code == fault_code::truncated ? cut_off(field.error(), *map, behind_bitmap, d)
                                                         : field.error();
    out.value.set(number, std::move(field->value));
    offset = field->end;
  }
  if (offset < d.size_min)
    return fault{fault_code::too_short, whole_message, offset};
  out.size = offset;
  return out;
}

namespace {

// The value of a field whose content is not as the dialect has it, as a person would read it.
std::string without_blanks(std::string_view text, const field_spec& spec) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos)
    return {};
  const auto bare = text.substr(first, text.find_last_not_of(' ') - first + 1);
  return value_fault(bare, spec) ? std::string(text) : canonical(bare, spec);
}

}  // namespace

result<readable> unpack_what_can_be_read(std::string_view in, const dialect& d) {
  auto mti = read_field(in, 0, *d.find(0));
  if (!mti || !is_mti(mti->value))
    return fault{fault_code::bad_mti, 0, 0};
  const auto map = read_bitmap(in, mti->end, d.bitmap);
  if (!map)
    return map.error();
  readable out{message(std::move(mti->value))};
  auto offset = mti->end + map->size;
  const auto stop = [&out](const fault& why) {
    out.faults.push_back(why);
    out.stopped_at = why.field;
  };
  for (int number = 2; number <= field_max && out.stopped_at > field_max; ++number) {
    if (!map->present.test(static_cast<std::size_t>(number)))
      continue;
    const auto* spec = d.find(number);
    if (!spec) {
      stop({fault_code::unknown_field, number, offset});
    } else if (auto field = read_field(in, offset, *spec)) {
      out.value.set(number, std::move(field->value));
      offset = field->end;
    } else if (const auto length = field_length(in, offset, *spec);
               field.error().code == fault_code::not_a_digit && length &&
               offset + spec->prefix_size() + *length <= in.size()) {
      out.faults.push_back(field.error());
      if (auto text = without_blanks(in.substr(offset + spec->prefix_size(), *length), *spec); !text.empty())
        out.value.set(number, std::move(text));
      offset += spec->prefix_size() + *length;
    } else {
      stop(field.error());
    }
  }
  if (out.stopped_at > field_max && offset < in.size())
    out.faults.push_back({fault_code::trailing, whole_message, offset});
  if (!out.faults.empty())
    out.value.set_wire(std::string(in));
  return out;
}

result<message> unpack(std::string_view in, const dialect& d) {
  auto front = unpack_front(in, d);
  if (!front)
    return front.error();
  if (front->size != in.size())
    return fault{fault_code::trailing, whole_message, front->size};
  return std::move(front->value);
}

}  // namespace codec
