// A spec of moov-io/iso8583 as JSON: fields by number, each with type, length, enc and prefix.

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "inspect/import/rows.hpp"

namespace inspect {

namespace {

struct word {
  std::string_view theirs, ours;
};

constexpr word encodings[]{{"ASCII", "ascii"},   {"BCD", "bcd"},           {"LBCD", "bcd"},
                           {"EBCDIC", "cp037"},  {"EBCDIC1047", "cp1047"}, {"Binary", "binary"},
                           {"HexToASCII", "hex"}};

constexpr word length_encodings[]{
  {"ASCII", "ascii"}, {"BCD", "bcd"}, {"EBCDIC", "ebcdic"}, {"EBCDIC1047", "ebcdic"}, {"Binary", "binary"}};

std::string_view ours_of(std::span<const word> words, std::string_view theirs) {
  const auto it = std::ranges::find(words, theirs, &word::theirs);
  return it == words.end() ? std::string_view() : it->ours;
}

std::string text_in(const ordered& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

std::size_t number_in(const ordered& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_number_unsigned() ? it->get<std::size_t>() : 0;
}

// "ASCII.LL": two digits; packed ones are two a byte. False where there is no such length here.
bool set_length(columns& c, const std::string& prefix) {
  const auto dot = prefix.find('.');
  const auto kind = prefix.substr(0, dot), rest = dot == std::string::npos ? "" : prefix.substr(dot + 1);
  if (rest == "Fixed")
    return true;
  c.length_encoding = ours_of(length_encodings, kind);
  if (c.length_encoding.empty() || rest.empty() || rest.find_first_not_of('L') != std::string::npos)
    return false;
  c.length_size = static_cast<std::uint8_t>(c.length_encoding == "bcd" ? (rest.size() + 1) / 2 : rest.size());
  return true;
}

std::string_view content_of(const std::string& type, std::string_view encoding, int number) {
  const bool is_track =
    type.starts_with("Track2") || type.starts_with("Track3") || number == 35 || number == 36;
  if (type == "Binary" || type == "Hex" || encoding == "hex")
    return "b";
  if (is_track)
    return "z";
  return type == "Numeric" || encoding == "bcd" || number == 0 ? "n" : "any";
}

// "Left" and "0". Nothing where it is of a kind that there is not here.
std::optional<std::string_view> padding_of(const ordered& field) {
  const auto given = field.find("padding");
  if (given == field.end() || !given->is_object() || text_in(*given, "type") == "None")
    return "";
  const auto side = text_in(*given, "type"), pad = text_in(*given, "pad");
  if (pad == "0")
    return side == "Left" ? "left 0" : "right 0";
  if (pad == " ")
    return side == "Left" ? "left space" : "right space";
  return {};
}

class moov_reader {
public:
  imported out;

  void read(const ordered& fields) {
    std::map<int, ordered> rows;
    for (const auto& [key, field] : fields.items()) {
      int number = -1;
      const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
      if (error != std::errc() || end != key.data() + key.size() || number < 0 || number > 192 ||
          !field.is_object())
        leave_out(key, "", "no field number from 0 to 192 with an object");
      else if (number == 1)
        read_bitmap(field);
      else if (auto row = read_field(field, number, ""))
        rows[number] = *std::move(row);
    }
    for (auto& [number, row] : rows)
      out.rows.push_back(std::move(row));
  }

private:
  void leave_out(std::string path, std::string what, std::string why) {
    out.missing.push_back({std::move(path), std::move(what), std::move(why)});
  }

  void read_bitmap(const ordered& field) {
    const auto coded = text_in(field, "enc");
    if (coded == "HexToASCII")
      out.bitmap = "hex";
    else if (coded != "Binary")
      leave_out("1", "Bitmap, enc " + coded, "an unknown bitmap; binary is taken");
  }

  std::optional<ordered> read_field(const ordered& field, int number, const std::string& part) {
    const auto path = std::to_string(number) + (part.empty() ? "" : "." + part);
    const auto type = text_in(field, "type"), coded = text_in(field, "enc"),
               prefix = text_in(field, "prefix");
    if (type == "Bitmap" && part.empty())
      return {};  // of fields from 65 on; it follows from them
    const bool has_parts = field.contains("subfields");
    columns c;
    c.encoding = has_parts ? "ascii" : ours_of(encodings, coded);
    const auto padding = padding_of(field);
    if (c.encoding.empty() || !padding || !set_length(c, prefix) || number_in(field, "length") == 0) {
      leave_out(path, type + ", enc " + coded + ", prefix " + prefix,
                c.encoding.empty() ? "no such enc is known here"
                : !padding         ? "no such padding is known here"
                                   : "no such prefix, or no length");
      return {};
    }
    c.content = has_parts ? "any" : content_of(type, c.encoding, part.empty() ? number : -1);
    if (c.encoding == "binary" && c.content == "any")
      c.encoding = "ascii";  // its characters are the bytes
    if (c.content == "b" && c.encoding != "hex")
      c.encoding = "binary";
    c.padding = coded == "LBCD" ? "right 0" : c.length_encoding.empty() && !has_parts ? *padding : "";
    auto row = make_row(number, part, text_in(field, "description"), c, number_in(field, "length"));
    if (number == 0 && part.empty())
      row["alias"] = "mti";
    if (has_parts)
      add_parts(row, field, number, path);
    return row;
  }

  // "1" of a tag of two digits is "01".
  static std::string full_tag(std::string name, const ordered& tag) {
    const auto size = number_in(tag, "length");
    const auto pad = tag.contains("padding") ? text_in(tag.at("padding"), "pad") : "";
    constexpr std::size_t tag_max = 8;  // longer ones are refused with the row
    if (name.size() < size && size <= tag_max && pad.size() == 1)
      name.insert(0, size - name.size(), pad.front());
    return name;
  }

  // What the parts have in common: kind, tag, length.
  std::optional<ordered> kind_of_parts(const ordered& field, const ordered& subfields) {
    if (field.contains("bitmap")) {
      if (text_in(field.at("bitmap"), "enc") != "Binary")
        return {};
      return ordered{{"kind", "bitmap"}, {"bitmapBytes", number_in(field.at("bitmap"), "length")}};
    }
    if (!field.contains("tag") ||
        number_in(field.at("tag"), "length") + text_in(field.at("tag"), "enc").size() == 0)
      return ordered{{"kind", "positional"}};
    const auto coded = text_in(field.at("tag"), "enc");
    if (coded == "BerTLVTag")
      return ordered{{"kind", "ber"}};
    const auto ours = ours_of(encodings, coded);
    columns length;
    std::string prefix;
    for (const auto& [name, part] : subfields.items()) {
      if (!prefix.empty() && prefix != text_in(part, "prefix"))
        return {};
      prefix = text_in(part, "prefix");
    }
    if (ours.empty() || ours == "binary" || !set_length(length, prefix) || length.length_encoding.empty())
      return {};
    return ordered{{"kind", "tlv"},
                   {"tag", {{"encoding", ours}, {"size", number_in(field.at("tag"), "length")}}},
                   {"length", {{"encoding", length.length_encoding}, {"size", length.length_size}}}};
  }

  void add_parts(ordered& row, const ordered& field, int number, const std::string& path) {
    const auto whole = "; the field is there as a whole";
    const auto& subfields = field.at("subfields");
    auto parts = subfields.is_object() ? kind_of_parts(field, subfields) : std::nullopt;
    if (!parts)
      return leave_out(path, "subfields",
                       "a tag, a bitmap or lengths of a kind that there is not here" + std::string(whole));
    const bool is_ber = parts->at("kind") == "ber", is_tlv = parts->at("kind") == "tlv";
    std::vector<std::pair<std::string, ordered>> rows;
    for (const auto& [name, subfield] : subfields.items()) {
      if (is_ber)
        continue;  // BER-TLV says all about itself
      auto part = subfield.is_object() ? read_field(subfield, number, path_in(path, name)) : std::nullopt;
      if (!part)
        return leave_out(path, "subfields", "for one of them cannot be taken over" + std::string(whole));
      (*part)["part"] = is_tlv                          ? ordered(full_tag(name, field.at("tag")))
                        : parts->at("kind") == "bitmap" ? ordered(std::atoi(name.c_str()))
                                                        : ordered(name);
      if (is_tlv)
        (*part)["length"] = number_in(subfield, "length");
      rows.emplace_back(name, *std::move(part));
    }
    // JSON has no order of members: their names say it.
    std::ranges::sort(rows, [](const auto& a, const auto& b) {
      return a.first.size() != b.first.size() ? a.first.size() < b.first.size() : a.first < b.first;
    });
    if (!is_ber) {
      auto list = ordered::array();
      for (auto& [name, part] : rows)
        list.push_back(std::move(part));
      (*parts)["fields"] = std::move(list);
    }
    set_parts(row, *std::move(parts));
  }

  static std::string path_in(const std::string& path, const std::string& name) {
    const auto dot = path.find('.');
    return (dot == std::string::npos ? "" : path.substr(dot + 1) + ".") + name;
  }
};

}  // namespace

imported read_moov(const std::string& json) {
  moov_reader r;
  const auto spec = ordered::parse(json, nullptr, false);
  const auto fields = spec.is_object() ? spec.find("fields") : spec.end();
  if (!spec.is_object() || fields == spec.end() || !fields->is_object()) {
    r.out.broken = "it is no JSON object with fields by number";
    return r.out;
  }
  r.out.name = text_in(spec, "name").empty() ? "imported" : text_in(spec, "name");
  r.read(*fields);
  return r.out;
}

}  // namespace inspect
