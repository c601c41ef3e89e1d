#include "codec/composite/lookup.hpp"

#include <algorithm>

#include "codec/composite/path.hpp"
#include "codec/composite/tlv.hpp"
#include "codec/text/hex.hpp"

namespace codec {

namespace {

bool has_tags(const composite& c) { return c.kind == composite_kind::tlv || c.kind == composite_kind::ber; }

// By name first: a tag that a bank invents may look like another one's alias.
const part_spec* find_known(std::string_view called, const composite& c) {
  for (const auto* parts : {&c.leading, &c.parts}) {
    const auto it =
      std::ranges::find_if(*parts, [called](const part_spec& p) { return same_name(p.name, called); });
    if (it != parts->end())
      return &*it;
  }
  for (const auto* parts : {&c.leading, &c.parts})
    for (const auto& part : *parts)
      if (!called.empty() && (part.spec.alias == called || part.spec.name == called))
        return &part;
  return nullptr;
}

bool is_constructed(std::string_view tag) {
  const auto bytes = from_hex(tag);
  return bytes && !bytes->empty() && (static_cast<unsigned char>(bytes->front()) & 0x20) != 0;
}

bool is_tag(std::string_view name, const composite& c) {
  if (c.kind == composite_kind::ber)
    return write_tlv(name, "").has_value();
  field_spec tag;
  tag.form = c.tag;
  tag.length_max = c.tag_units;
  return name.size() == tag.text_size_max() && !value_fault(name, tag);
}

// 9F26 and 9f26 are one tag, so they have one path.
std::string tag_name(std::string_view name, const composite& c) {
  std::string text(name);
  if (c.kind == composite_kind::ber || c.tag.what == content::b)
    std::ranges::transform(text, text.begin(),
                           [](char d) { return d >= 'a' && d <= 'f' ? static_cast<char>(d - 32) : d; });
  return text;
}

std::optional<place_in_message> find_in(std::string path, std::string_view called, const composite& c) {
  const auto [name, rest] = first_step(called);
  const auto* part = find_known(name, c);
  path += "." + (part ? part->name : tag_name(name, c));
  if (!part) {
    if (!has_tags(c) || !is_tag(name, c))
      return {};
    if (rest.empty())
      return place_in_message{std::move(path), unknown_value(c)};
    if (c.kind != composite_kind::ber || !is_constructed(name))
      return {};
    return find_in(std::move(path), rest, composite{composite_kind::ber});
  }
  if (!rest.empty())
    return part->spec.parts ? find_in(std::move(path), rest, *part->spec.parts) : std::nullopt;
  auto spec = part->spec;
  const bool is_leading =
    std::ranges::any_of(c.leading, [part](const part_spec& leading) { return &leading == part; });
  if (has_tags(c) && !is_leading)
    spec.length = unknown_value(c).length;  // as all have it: a value may be shorter
  return place_in_message{std::move(path), std::move(spec)};
}

}  // namespace

std::optional<place_in_message> find_place(std::string_view called, const dialect& d) {
  // A name may have a dot in it.
  if (const auto* spec = d.find(called))
    return place_in_message{std::to_string(spec->number), *spec};
  const auto [name, rest] = first_step(called);
  const auto* spec = rest.empty() ? nullptr : d.find(name);
  // A client chooses the path, and each step is a call: as deep as values are read.
  constexpr std::ptrdiff_t depth_max = 16;
  if (!spec || !spec->parts || std::ranges::count(rest, '.') >= depth_max)
    return {};
  return find_in(std::to_string(spec->number), rest, *spec->parts);
}

const std::string& name_of(const part_spec& part) {
  return part.spec.alias.empty() ? part.name : part.spec.alias;
}

}  // namespace codec
