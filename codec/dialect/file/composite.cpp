#include "codec/composite/composite.hpp"
#include "codec/composite/path.hpp"

#include "codec/dialect/file/field.hpp"

namespace codec::file {

namespace {

constexpr std::pair<std::string_view, composite_kind> kinds[] = {{"positional", composite_kind::positional},
                                                                 {"bitmap", composite_kind::bitmap},
                                                                 {"tlv", composite_kind::tlv},
                                                                 {"ber", composite_kind::ber}};

// What names a part: its position or bit, or its tag.
std::string read_name(const place& row, composite_kind kind) {
  if (kind == composite_kind::bitmap)
    return std::to_string(row.at("part").number(1, 8 * 32));
  const auto name = row.at("part");
  return name.is_number() ? std::to_string(name.number(1, 9999)) : name.text();
}

// A part of tag-length-value has its length from what all have.
std::vector<part_spec> read_parts(const place& rows, composite_kind kind) {
  std::vector<part_spec> parts;
  for (const auto& row : rows.items())
    row.attempt([&] {
      part_spec part{read_name(row, kind), read_field(row, 0)};
      const auto* coded = part.spec.form.coded;
      if (part.spec.parts && (coded == &hex_encoding || coded == &ebcdic_hex_encoding))
        row.at("encoding").fail("another encoding, for a part that has parts itself is no hexadecimal text");
      for (const auto& other : parts)
        if (same_name(other.name, part.name))
          row.at("part").fail("a name that no other part has");
        else if (!part.spec.alias.empty() &&
                 (other.spec.alias == part.spec.alias || same_name(other.name, part.spec.alias)))
          row.at("alias").fail("a name that no other part has");
      parts.push_back(std::move(part));
    });
  return parts;
}

void read_tags(const place& p, composite& c) {
  const auto tag = p.at("tag");
  tag.only({"encoding", "size"});
  c.tag.coded = read_encoding(tag.at("encoding"));
  const auto name = c.tag.coded->name;
  const bool is_bytes = name == "binary" || name == "hex" || name == "ebcdic-hex";
  c.tag.what = name == "bcd" ? content::n : is_bytes ? content::b : content::any;
  c.tag.filler = name == "bcd" ? '0' : '\0';
  c.tag_units = tag.at("size").number(1, 8);
  const auto length = p.at("length");
  length.only({"encoding", "size", "counts"});
  c.length.coded = read_length_coding(length.at("encoding"));
  c.length.size = static_cast<std::uint8_t>(length.at("size").number(1, c.length.coded->size_max));
  if (const auto counts = length.find("counts")) {
    constexpr std::pair<std::string_view, counting> choices[] = {{"units", counting::units},
                                                                 {"digits", counting::units},
                                                                 {"characters", counting::units},
                                                                 {"bytes", counting::bytes}};
    c.length.counts = counts->one_of(choices);
  }
  if (const auto leading = p.find("leading"))
    c.leading = read_parts(*leading, composite_kind::positional);
}

}  // namespace

std::shared_ptr<const composite> read_composite(const place& p) {
  p.attempt([&] { p.only({"kind", "bitmapBytes", "tag", "length", "leading", "fields"}); });
  auto c = std::make_shared<composite>();
  c->kind = p.at("kind").one_of(kinds);
  if (const auto bytes = p.find("bitmapBytes"))
    c->bitmap_size = bytes->number(1, 32);
  if (c->kind == composite_kind::tlv)
    p.attempt([&] { read_tags(p, *c); });
  if (const auto rows = p.find("fields"))
    c->parts = read_parts(*rows, c->kind);
  else if (c->kind == composite_kind::positional || c->kind == composite_kind::bitmap)
    p.fail("fields, the rows of its parts");
  return c;
}

}  // namespace codec::file
