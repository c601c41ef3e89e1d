// Puts composite fields together, with one part of another value.
#include <algorithm>

#include "codec/composite/composite.hpp"
#include "codec/composite/path.hpp"
#include "codec/composite/tlv.hpp"

namespace codec {

namespace {

using joined = result<std::string, part_fault>;

part_fault wrong(fault_code code, std::string_view path) { return {{code}, std::string(path)}; }

// The value that the part gets, as bytes without a length in front: `text`, or its own with a part of it
// changed.
joined new_value(const element* old, const field_spec& spec, std::string_view path, std::string_view text) {
  const auto [name, rest] = first_step(path);
  if (!rest.empty()) {
    const composite any_ber{composite_kind::ber};
    const auto* inner = spec.parts ? spec.parts.get() : old && old->constructed ? &any_ber : nullptr;
    if (!inner)
      return wrong(fault_code::unknown_field, path);
    auto bytes = with_part(old ? old->value : std::string_view(), *inner, rest, text);
    if (!bytes)
      return part_fault{bytes.error().what, std::string(name) + "." + bytes.error().path};
    return bytes;
  }
  if (const auto broken = value_fault(text, spec))
    return wrong(*broken, path);
  std::string bytes;
  append_value(bytes, canonical(text, spec), spec);
  return bytes.substr(spec.prefix_size());
}

// With its length in front.
joined new_part(const element* old, const field_spec& spec, std::string_view path, std::string_view text) {
  auto value = new_value(old, spec, path, text);
  if (!value)
    return value;
  fill_up(*value, spec);
  std::string out;
  append_content(out, *value, spec.form.coded->units(value->size(), spec.form), spec);
  return out;
}

std::string whole(const element& e) { return std::string(e.head) + std::string(e.value); }

std::string whole(const std::vector<element>& all) {
  std::string out;
  for (const auto& e : all)
    out += whole(e);
  return out;
}

// A part that nobody has set, but that stands in front of one that is set.
joined filled_part(const part_spec& part) {
  const std::string text = part.spec.is_fixed() && !is_digits(part.spec.form.what) &&
                               part.spec.form.filler == '\0' && part.spec.form.what != content::b
                             ? std::string(part.spec.length_max, ' ')
                             : "";
  if (part.spec.is_fixed() && part.spec.form.what == content::b)
    return std::string(part.spec.content_size_max(), '\0');
  if (value_fault(text, part.spec))
    return wrong(fault_code::missing, part.name);
  std::string out;
  append_value(out, text, part.spec);
  return out;
}

// `parts` one behind another, as far as they are there or needed.
joined join_positional(const std::vector<element>& old, const std::vector<part_spec>& parts,
                       std::string_view path, std::string_view text) {
  const auto name = first_step(path).first;
  const auto target = std::ranges::find(parts, name, &part_spec::name);
  std::string out;
  for (auto part = parts.begin(); part != parts.end(); ++part) {
    const auto e = std::ranges::find_if(old, [&](const element& o) { return o.name == part->name; });
    if (part == target) {
      auto bytes = new_part(e == old.end() ? nullptr : &*e, part->spec, path, text);
      if (!bytes)
        return bytes;
      out += *bytes;
    } else if (e != old.end()) {
      out += whole(*e);
    } else if (part < target) {
      auto bytes = filled_part(*part);
      if (!bytes)
        return bytes;
      out += *bytes;
    }
  }
  return out;
}

joined join_bitmap(const std::vector<element>& old, const composite& c, std::string_view path,
                   std::string_view text) {
  const auto name = first_step(path).first;
  std::string map(c.bitmap_size, '\0'), values;
  for (std::size_t bit = 0; bit < 8 * c.bitmap_size; ++bit) {
    const auto number = std::to_string(bit + 1);
    const auto e = std::ranges::find(old, number, &element::name);
    if (number == name) {
      auto bytes = new_part(e == old.end() ? nullptr : &*e, *c.find(name), path, text);
      if (!bytes)
        return bytes;
      values += *bytes;
    } else if (e != old.end()) {
      values += whole(*e);
    } else {
      continue;
    }
    map[bit / 8] = static_cast<char>(static_cast<unsigned char>(map[bit / 8]) | 0x80U >> bit % 8);
  }
  return map + values;
}

joined new_tagged(const element* old, const composite& c, std::string_view path, std::string_view text) {
  const auto name = first_step(path).first;
  const auto* known = c.find(name);
  field_spec spec = known ? *known : unknown_value(c);
  if (c.kind == composite_kind::tlv)
    spec.length = c.length;
  auto value = new_value(old, spec, path, text);
  if (!value)
    return value;
  if (c.kind == composite_kind::ber) {
    const auto item = write_tlv(name, *value);
    if (!item)
      return wrong(fault_code::unknown_field, name);
    // What fills the room between objects stays.
    const auto head = old ? old->head : std::string_view();
    const auto filler = std::min(head.find_first_not_of(std::string_view("\0\xff", 2)), head.size());
    return std::string(head.substr(0, filler)) + *item;
  }
  std::string out;
  field_spec tag;
  tag.form = c.tag;
  tag.length_max = c.tag_units;
  if (value_fault(name, tag) || name.size() != tag.text_size_max())
    return wrong(fault_code::unknown_field, name);
  append_value(out, name, tag);
  const auto units = spec.form.coded->units(value->size(), spec.form);
  const auto count = spec.length.counts == counting::units ? units : value->size();
  if (count > spec.length.coded->most(spec.length.size))
    return wrong(fault_code::too_long, name);
  append_content(out, *value, units, spec);
  return out;
}

joined join_tags(const std::vector<element>& old, const composite& c, std::string_view path,
                 std::string_view text) {
  const auto name = first_step(path).first;
  std::string out;
  bool is_set = false;
  for (const auto& e : old) {
    if (is_set || !same_name(e.name, name)) {
      out += whole(e);
      continue;
    }
    auto bytes = new_tagged(&e, c, path, text);
    if (!bytes)
      return bytes;
    out += *bytes;
    is_set = true;
  }
  if (is_set)
    return out;
  auto bytes = new_tagged(nullptr, c, path, text);
  if (!bytes)
    return bytes;
  return out + *bytes;
}

}  // namespace

void fill_up(std::string& bytes, const field_spec& spec) {
  const auto& form = spec.form;
  const auto units = form.coded->units(bytes.size(), form);
  if (!spec.is_fixed() || units >= spec.length_max)
    return;
  const auto missing = spec.length_max - units;
  const bool is_bytes = form.what == content::b;
  form.coded->write(
    std::string(is_bytes ? 2 * missing : missing, is_bytes || is_digits(form.what) ? '0' : ' '), missing,
    form, bytes);
}

result<std::string, part_fault> with_part(std::string_view bytes, const composite& c, std::string_view path,
                                          std::string_view text) {
  const auto old = split(bytes, c);
  if (!old)
    return old.error();
  const auto name = first_step(path).first;
  const bool is_leading = std::ranges::find(c.leading, name, &part_spec::name) != c.leading.end();
  const bool takes_any = c.kind == composite_kind::tlv || c.kind == composite_kind::ber;
  if (!takes_any && !c.find(name))
    return wrong(fault_code::unknown_field, name);
  if (c.kind == composite_kind::positional)
    return join_positional(*old, c.parts, path, text);
  if (c.kind == composite_kind::bitmap)
    return join_bitmap(*old, c, path, text);
  const auto first_tag = old->begin() + static_cast<std::ptrdiff_t>(std::min(old->size(), c.leading.size()));
  const std::vector<element> leading(old->begin(), first_tag), tags(first_tag, old->end());
  std::string front;
  if (is_leading) {
    auto parts = join_positional(leading, c.leading, path, text);
    if (!parts)
      return parts;
    front = *std::move(parts);
  } else {
    // All that stands in front of tags must be there.
    for (std::size_t i = 0; i < c.leading.size(); ++i) {
      auto part = i < leading.size() ? joined(whole(leading[i])) : filled_part(c.leading[i]);
      if (!part)
        return part;
      front += *part;
    }
  }
  auto back = is_leading ? joined(whole(tags)) : join_tags(tags, c, path, text);
  if (!back)
    return back;
  return front + *back;
}

}  // namespace codec
