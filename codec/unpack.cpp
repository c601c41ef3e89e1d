#include "codec/unpack.hpp"

#include "codec/bitmap.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"

namespace codec {

namespace {

using place = message::place;

place place_of(const extent& where, const field_spec& spec) {
  return {spec.form, static_cast<std::uint32_t>(where.at), static_cast<std::uint32_t>(where.units),
          spec.number};
}

result<extent> read_field(std::string_view in, std::size_t offset, const field_spec& spec) {
  const auto where = find_value(in, offset, spec);
  if (where)
    if (const auto broken = content_fault(in, *where, spec))
      return *broken;
  return where;
}

// The usual case: a whole value without fault. Returns where it ends; 0 of anything else, and read_field()
// says what that is.
std::size_t read_quickly(std::string_view in, std::size_t offset, const field_spec& spec, place& out) {
  auto units = spec.length_max;
  if (!spec.is_fixed()) {
    if (in.size() - offset < spec.length.size || spec.length.counts != counting::units)
      return 0;
    const auto number = spec.length.coded->read(std::string_view(in.data() + offset, spec.length.size));
    if (number < 0 || static_cast<std::size_t>(number) > units)
      return 0;
    units = static_cast<std::size_t>(number);
    offset += spec.length.size;
  }
  const auto& form = spec.form;
  const auto size = form.coded->plain ? units : form.coded->size(units, form);
  if (in.size() - offset < size)
    return 0;
  const std::string_view bytes(in.data() + offset, size);
  if (form.coded->plain && form.what == content::n ? !all_digits(bytes)
                                                   : form.coded->first_bad(bytes, units, form) != all_good)
    return 0;
  out = {form, static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(units), spec.number};
  return offset + size;
}

struct head {
  place mti;
  bitmap map;
  std::size_t size;  ///< of both
};

// The message type and the bitmap.
result<head> read_head(std::string_view in, const dialect& d) {
  const auto& spec = *d.find(fields::mti);
  head out;
  out.size = read_quickly(in, 0, spec, out.mti);
  if (out.size == 0) {
    const auto why = read_field(in, 0, spec).error();
    return why.code == fault_code::truncated ? why : fault{fault_code::bad_mti, 0, why.offset};
  }
  if (out.mti.units != 4 || spec.form.what != content::n)
    return fault{fault_code::bad_mti, 0, 0};
  const auto map = read_bitmap(in, out.size, d.bitmap);
  if (!map)
    return map.error();
  out.map = *map;
  out.size += map->size;
  return out;
}

// More would not help: a field behind the one that is cut off is not in the dialect.
fault cut_off(const fault& truncated, const bitmap& map, std::size_t behind_bitmap, const dialect& d) {
  for (int number = map.present.next(truncated.field); number <= field_max; number = map.present.next(number))
    if (!d.find(number))
      return {fault_code::unknown_field, number, behind_bitmap};
  return truncated;
}

// The message at the front of `in`, and its size.
result<message> read_message(std::string_view in, const dialect& d, std::size_t& size) {
  const auto front = read_head(in, d);
  if (!front)
    return front.error();
  auto present = front->map.present;
  std::vector<place> index(static_cast<std::size_t>(present.count()) + 1, front->mti);
  auto* next_place = index.data() + 1;
  const bool third_is_a_field = d.bitmap.third == third_bitmap::in_field_65;
  auto offset = front->size;
  for (int number = present.next(0); number <= field_max; number = present.next(number)) {
    if (third_is_a_field && number == fields::third_bitmap) [[unlikely]] {
      const auto third = read_third_bitmap(in, offset, {present}, d.bitmap);
      if (!third)
        return third.error();
      present = third->present;
      offset += third->size;
      const auto filled = next_place - index.data();
      index.resize(static_cast<std::size_t>(present.count()));  // all but this one, and the MTI
      next_place = index.data() + filled;
      continue;
    }
    const auto& spec = d.fields[static_cast<std::size_t>(number)];
    if (!spec)
      return fault{fault_code::unknown_field, number, offset};
    auto& here = *next_place++;
    if (const auto end = read_quickly(in, offset, *spec, here); end != 0) {
      offset = end;
    } else {
      const auto field = read_field(in, offset, *spec);
      if (!field)
        return field.error().code == fault_code::truncated
                 ? cut_off(field.error(), front->map, front->size, d)
                 : field.error();
      here = place_of(*field, *spec);
      offset = field->at + field->size;
    }
  }
  if (offset < d.size_min)
    return fault{fault_code::too_short, whole_message, offset};
  size = offset;
  return message(in.substr(0, offset), std::move(index), d.layout);
}

// Of a code on the left of its field it is unclear which one it is: "20 " may be 20 of another edition. "00 "
// says the same in each.
bool is_clear_code(std::string_view text, std::string_view bare) {
  return text.back() != ' ' || (bare.size() > 1 && bare.find_first_not_of('0') == std::string_view::npos);
}

// Puts the value of a field whose content is not as the dialect has it into the message, as a person would
// read it: without blanks where it then is good, else as it is. One of blanks alone is left out.
void take_odd_value(message& m, std::string_view in, const extent& where, const field_spec& spec) {
  const auto text = in.substr(where.at, where.size);
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos)
    return;
  const auto bare = text.substr(first, text.find_last_not_of(' ') - first + 1);
  if (value_fault(bare, spec) || (spec.number == fields::response_code && !is_clear_code(text, bare)))
    m.take(spec.number, text);
  else
    m.take(spec.number, canonical(bare, spec));
}

}  // namespace

result<readable> unpack_what_can_be_read(std::string_view in, const dialect& d) {
  const auto front = read_head(in, d);
  if (!front)
    return front.error().field == 0 ? fault{fault_code::bad_mti, 0, 0} : front.error();
  auto present = front->map.present;
  std::vector<place> index{front->mti};
  readable out;
  struct odd_value {
    extent where;
    const field_spec* spec;
  };
  std::vector<odd_value> odd;
  auto offset = front->size;
  const auto stop = [&out](const fault& why) {
    out.faults.push_back(why);
    out.stopped_at = why.field;
  };
  for (int number = present.next(0); number <= field_max && out.stopped_at > field_max;
       number = present.next(number)) {
    if (number == fields::third_bitmap && d.bitmap.third == third_bitmap::in_field_65) {
      if (const auto third = read_third_bitmap(in, offset, {present}, d.bitmap)) {
        present = third->present;
        offset += third->size;
      } else {
        stop(third.error());
      }
      continue;
    }
    const auto* spec = d.find(number);
    if (!spec) {
      stop({fault_code::unknown_field, number, offset});
      continue;
    }
    const auto where = find_value(in, offset, *spec);
    if (!where) {
      stop(where.error());
      continue;
    }
    const auto broken = content_fault(in, *where, *spec);
    if (broken && where->at + where->size > in.size()) {
      stop(*broken);
      continue;
    }
    if (broken) {
      out.faults.push_back(*broken);
      odd.push_back({*where, spec});
    } else {
      index.push_back(place_of(*where, *spec));
    }
    offset = where->at + where->size;
  }
  if (out.stopped_at > field_max && offset < in.size())
    out.faults.push_back({fault_code::trailing, whole_message, offset});
  out.value = message(in, std::move(index), d.layout,
                      out.faults.empty() ? message::reading::whole : message::reading::part);
  for (const auto& o : odd)
    take_odd_value(out.value, in, o.where, *o.spec);
  return out;
}

result<unpacked> unpack_front(std::string_view in, const dialect& d) {
  std::size_t size = 0;
  auto m = read_message(in, d, size);
  if (!m)
    return m.error();
  return unpacked{std::move(*m), size};
}

std::size_t size_behind_message(std::string_view in, const dialect& d) {
  const auto front = unpack_front(in, d);
  return front ? in.size() - front->size : 0;
}

result<message> unpack(std::string_view in, const dialect& d) {
  std::size_t size = 0;
  auto m = read_message(in, d, size);
  if (m && size != in.size())
    m = fault{fault_code::trailing, whole_message, size};
  return m;
}

}  // namespace codec
