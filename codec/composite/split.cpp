// Cuts composite fields into their parts.
#include <algorithm>

#include "codec/composite/composite.hpp"
#include "codec/composite/tlv.hpp"
#include "codec/text/hex.hpp"

namespace codec {

namespace {

using elements = std::vector<element>;

part_fault wrong(fault_code code, std::size_t offset, std::string path) {
  return {{code, whole_message, offset}, std::move(path)};
}

// The part at `offset`, whose length is its own.
std::optional<part_fault> take_part(std::string_view bytes, std::size_t& offset, const part_spec& part,
                                    elements& out) {
  const auto where = find_value(bytes, offset, part.spec);
  if (!where)
    return part_fault{where.error(), part.name};
  if (const auto broken = content_fault(bytes, *where, part.spec))
    return part_fault{*broken, part.name};
  out.push_back({part.name, bytes.substr(offset, where->at - offset), bytes.substr(where->at, where->size),
                 where->units, &part.spec});
  offset = where->at + where->size;
  return {};
}

std::optional<part_fault> take_all(std::string_view bytes, std::size_t& offset,
                                   const std::vector<part_spec>& parts, elements& out) {
  for (const auto& part : parts) {
    if (offset == bytes.size())
      return {};
    if (auto broken = take_part(bytes, offset, part, out))
      return broken;
  }
  return {};
}

result<elements, part_fault> split_positional(std::string_view bytes, const composite& c) {
  elements out;
  std::size_t offset = 0;
  if (auto broken = take_all(bytes, offset, c.parts, out))
    return *std::move(broken);
  if (offset < bytes.size())
    return wrong(fault_code::trailing, offset, "");
  return out;
}

result<elements, part_fault> split_bitmap(std::string_view bytes, const composite& c) {
  elements out;
  if (bytes.empty())
    return out;
  if (bytes.size() < c.bitmap_size)
    return wrong(fault_code::truncated, bytes.size(), "");
  auto offset = c.bitmap_size;
  for (std::size_t bit = 0; bit < 8 * c.bitmap_size; ++bit) {
    if ((static_cast<unsigned char>(bytes[bit / 8]) >> (7 - bit % 8) & 1) == 0)
      continue;
    const auto name = std::to_string(bit + 1);
    const auto part = std::ranges::find(c.parts, name, &part_spec::name);
    if (part == c.parts.end())
      return wrong(fault_code::unknown_field, offset, name);
    if (auto broken = take_part(bytes, offset, *part, out))
      return *std::move(broken);
  }
  if (offset < bytes.size())
    return wrong(fault_code::trailing, offset, "");
  return out;
}

result<elements, part_fault> split_tags(std::string_view bytes, const composite& c) {
  elements out;
  std::size_t offset = 0;
  if (auto broken = take_all(bytes, offset, c.leading, out))
    return *std::move(broken);
  while (offset < bytes.size()) {
    const auto begin = offset;
    const auto tag_size = c.tag.coded->size(c.tag_units, c.tag);
    const auto tag = bytes.substr(offset, tag_size);
    if (const auto bad = c.tag.coded->first_bad(tag, c.tag_units, c.tag); bad != all_good)
      return wrong(fault_code::wrong_character, offset + bad, "");
    if (tag.size() < tag_size)
      return wrong(fault_code::truncated, bytes.size(), "");
    std::string name;
    c.tag.coded->read(tag, c.tag_units, c.tag, name);
    offset += tag_size;
    // A value is as its tag's row says, but its length is as all have it.
    const auto* known = c.find(name);
    field_spec spec = known ? *known : unknown_value(c);
    spec.length = c.length;
    const auto where = find_value(bytes, offset, spec);
    if (!where)
      return part_fault{where.error(), name};
    if (const auto broken = content_fault(bytes, *where, spec))
      return part_fault{*broken, name};
    out.push_back({name, bytes.substr(begin, where->at - begin), bytes.substr(where->at, where->size),
                   where->units, known});
    offset = where->at + where->size;
  }
  return out;
}

result<elements, part_fault> split_ber(std::string_view bytes, const composite& c) {
  elements out;
  std::size_t begin = 0;
  for (std::size_t offset = 0;;) {
    // Between objects zeros and FFs may stand, and mean nothing (ISO 7816-4, 5.2.2).
    while (offset < bytes.size() && (bytes[offset] == '\0' || bytes[offset] == '\xff'))
      ++offset;
    if (offset == bytes.size()) {
      if (begin < offset)
        out.push_back({"", bytes.substr(begin), {}, 0, nullptr});
      return out;
    }
    const auto item = first_tlv(bytes.substr(offset));
    if (!item)
      return wrong(fault_code::truncated, offset, "");
    auto name = item->tag;
    std::ranges::transform(name, name.begin(),
                           [](char d) { return d >= 'a' ? static_cast<char>(d - 32) : d; });
    const auto* known = c.find(name);
    const auto at = offset + item->head.size();
    element e{
      name, bytes.substr(begin, at - begin), item->value, item->value.size(), known, item->constructed};
    if (known) {
      e.units = known->form.coded->units(e.value.size(), known->form);
      if (const auto broken = content_fault(bytes, {at, e.units, e.value.size()}, *known))
        return part_fault{*broken, name};
    }
    out.push_back(std::move(e));
    offset = begin = at + item->value.size();
  }
}

}  // namespace

field_spec unknown_value(const composite& c) {
  field_spec spec;
  const bool is_text = c.tag.coded && c.tag.what == content::any;
  spec.form = is_text ? value_form{c.tag.coded, content::any} : value_form{&binary_encoding, content::b};
  // BER-TLV writes its length in a way of its own; here it only says how long a value may be.
  spec.length = c.length.coded ? c.length : length_form{&binary_length, 2};
  spec.length_max = spec.length.coded->most(spec.length.size);
  return spec;
}

result<std::vector<element>, part_fault> split(std::string_view bytes, const composite& c) {
  switch (c.kind) {
    case composite_kind::positional: return split_positional(bytes, c);
    case composite_kind::bitmap: return split_bitmap(bytes, c);
    case composite_kind::tlv: return split_tags(bytes, c);
    case composite_kind::ber: break;
  }
  return split_ber(bytes, c);
}

}  // namespace codec
