// A jPOS GenericPackager: <isopackager> with an <isofield> a field, whose class says how its value lies in
// bytes.

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <charconv>
#include <map>
#include <optional>
#include <sstream>

#include "inspect/import/rows.hpp"

namespace inspect {

namespace {

using boost::property_tree::ptree;

struct field_class {
  std::string_view name;
  columns form;
};

// Packed digits and `pad`: see columns_of().
constexpr field_class classes[]{
  {"IF_CHAR", {"any", "ascii", "", 0, "right space"}},
  {"IF_ECHAR", {"any", "cp1047", "", 0, "right space"}},
  {"IFA_NUMERIC", {"n", "ascii", "", 0, "left 0"}},
  {"IFA_AMOUNT", {"x+n", "ascii", "", 0, "left 0"}},
  {"IFA_BINARY", {"b", "hex"}},
  {"IFA_LCHAR", {"any", "ascii", "ascii", 1}},
  {"IFA_LLCHAR", {"any", "ascii", "ascii", 2}},
  {"IFA_LLLCHAR", {"any", "ascii", "ascii", 3}},
  {"IFA_LLLLCHAR", {"any", "ascii", "ascii", 4}},
  {"IFA_LLLLLCHAR", {"any", "ascii", "ascii", 5}},
  {"IFA_LLLLLLCHAR", {"any", "ascii", "ascii", 6}},
  {"IFA_LLNUM", {"n", "ascii", "ascii", 2}},
  {"IFA_LLLNUM", {"n", "ascii", "ascii", 3}},
  {"IFA_LBINARY", {"b", "binary", "ascii", 1}},
  {"IFA_LLBINARY", {"b", "binary", "ascii", 2}},
  {"IFA_LLLBINARY", {"b", "binary", "ascii", 3}},
  {"IFA_LLLLBINARY", {"b", "binary", "ascii", 4}},
  {"IFA_LLLLLBINARY", {"b", "binary", "ascii", 5}},
  {"IFA_LLLLLLBINARY", {"b", "binary", "ascii", 6}},
  {"IFA_LLABINARY", {"b", "hex", "ascii", 2}},
  {"IFA_LLLABINARY", {"b", "hex", "ascii", 3}},
  {"IFAE_LLCHAR", {"any", "cp1047", "ascii", 2}},
  {"IFB_NUMERIC", {"n", "bcd"}},
  {"IFB_AMOUNT", {"x+n", "bcd"}},
  {"IFB_BINARY", {"b", "binary"}},
  {"IFB_LLNUM", {"n", "bcd", "bcd", 1}},
  {"IFB_LLLNUM", {"n", "bcd", "bcd", 2}},
  {"IFB_LLHNUM", {"n", "bcd", "binary", 1}},
  {"IFB_LLLHNUM", {"n", "bcd", "binary", 2}},
  {"IFB_LLCHAR", {"any", "ascii", "bcd", 1}},
  {"IFB_LLLCHAR", {"any", "ascii", "bcd", 2}},
  {"IFB_LLLLCHAR", {"any", "ascii", "bcd", 2}},
  {"IFB_LLHCHAR", {"any", "ascii", "binary", 1}},
  {"IFB_LLLHCHAR", {"any", "ascii", "binary", 2}},
  {"IFB_LLHECHAR", {"any", "cp1047", "binary", 1}},
  {"IFB_LLLHECHAR", {"any", "cp1047", "binary", 2}},
  {"IFB_LLBINARY", {"b", "binary", "bcd", 1}},
  {"IFB_LLLBINARY", {"b", "binary", "bcd", 2}},
  {"IFB_LLLLBINARY", {"b", "binary", "bcd", 2}},
  {"IFB_LLHBINARY", {"b", "binary", "binary", 1}},
  {"IFB_LLLHBINARY", {"b", "binary", "binary", 2}},
  {"IFE_CHAR", {"any", "cp1047", "", 0, "right space"}},
  {"IFE_NUMERIC", {"n", "cp1047", "", 0, "left 0"}},
  {"IFE_AMOUNT", {"x+n", "cp1047", "", 0, "left 0"}},
  {"IFE_BINARY", {"b", "ebcdic-hex"}},
  {"IFE_LLNUM", {"n", "cp1047", "ebcdic", 2}},
  {"IFE_LLLNUM", {"n", "cp1047", "ebcdic", 3}},
  {"IFE_LLCHAR", {"any", "cp1047", "ebcdic", 2}},
  {"IFE_LLLCHAR", {"any", "cp1047", "ebcdic", 3}},
  {"IFE_LLLLCHAR", {"any", "cp1047", "ebcdic", 4}},
  {"IFE_LLBINARY", {"b", "binary", "ebcdic", 2}},
  {"IFE_LLLBINARY", {"b", "binary", "ebcdic", 3}},
  {"IFEA_LLCHAR", {"any", "ascii", "ebcdic", 2}},
  {"IFEB_LLNUM", {"n", "bcd", "ebcdic", 2, "right F", "bytes"}},
};

std::string attribute(const ptree& element, const char* name) {
  return element.get("<xmlattr>." + std::string(name), "");
}

// "IFA_LLNUM" of "org.jpos.iso.IFA_LLNUM".
std::string class_of(const ptree& element) {
  const auto full = attribute(element, "class");
  return full.substr(full.rfind('.') + 1);
}

std::optional<int> number_in(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0)
    return {};
  return number;
}

bool is_bitmap(const std::string& name) { return name.find("BITMAP") != std::string::npos; }

// The columns of a class, of one field.
std::optional<columns> columns_of(const ptree& element, int number, std::size_t length) {
  const auto* known = std::ranges::find(classes, class_of(element), &field_class::name);
  if (known == std::end(classes))
    return {};
  auto c = known->form;
  if (c.encoding == "bcd" && c.padding.empty()) {
    // `pad` is about the odd half byte; short values are filled up on the left in any case.
    const bool is_left =
      attribute(element, "pad") == "true" || (c.length_encoding.empty() && length % 2 == 0);
    c.padding = is_left || c.content == "x+n" ? "left 0" : "right 0";
  }
  // Packers of digits take the separator of track data, too.
  if ((number == 35 || number == 36) && c.content == "n")
    c.content = "z";
  return c;
}

class reader {
public:
  imported out;

  void read(const ptree& packager) {
    std::map<int, ordered> rows;
    for (const auto& [tag, element] : packager) {
      if (tag != "isofield" && tag != "isofieldpackager")
        continue;
      const auto number = number_in(attribute(element, "id"));
      if (!number || *number > 192) {
        leave_out(attribute(element, "id"), class_of(element), "no field number from 0 to 192");
        continue;
      }
      if (*number == 1) {
        read_bitmap(element);
        continue;
      }
      if (auto row = read_field(element, *number, ""))
        rows[*number] = *std::move(row);
    }
    for (auto& [number, row] : rows)
      out.rows.push_back(std::move(row));
  }

private:
  void leave_out(std::string path, std::string what, std::string why) {
    out.missing.push_back({std::move(path), std::move(what), std::move(why)});
  }

  void read_bitmap(const ptree& element) {
    const auto name = class_of(element);
    if (name == "IFA_BITMAP")
      out.bitmap = "hex";
    else if (name == "IFE_BITMAP")
      out.bitmap = "ebcdic-hex";
    else if (name != "IFB_BITMAP")
      leave_out("1", name, "an unknown bitmap; binary is taken");
  }

  // A row of a field, or of the part `part` of one; nothing where it cannot be mapped, and that is noted.
  std::optional<ordered> read_field(const ptree& element, int number, const std::string& part) {
    const auto path = std::to_string(number) + (part.empty() ? "" : "." + part);
    const auto name = class_of(element);
    if (name == "IF_NOP" || name == "IF_UNUSED")
      return {};
    const auto length = number_in(attribute(element, "length")).value_or(0);
    const auto c = columns_of(element, part.empty() ? number : 0, static_cast<std::size_t>(length));
    if (!c || length == 0) {
      leave_out(path, name, c ? "no length" : "no such class is known here");
      return {};
    }
    auto row = make_row(number, part, attribute(element, "name"), *c, static_cast<std::size_t>(length));
    if (number == 0 && part.empty())
      row["alias"] = "mti";
    if (element.count("isofield") != 0 || element.count("isofieldpackager") != 0)
      add_parts(row, element, number, path);
    return row;
  }

  // Parts lie one behind another, so a part that cannot be mapped hides all behind it: then there are none.
  void add_parts(ordered& row, const ptree& element, int number, const std::string& path) {
    const auto packager = attribute(element, "packager");
    const auto short_name = packager.substr(packager.rfind('.') + 1);
    if (short_name != "GenericSubFieldPackager" && short_name != "GenericPackager")
      return leave_out(path, short_name, "the parts of such a packager; the field is there as a whole");
    std::map<int, ordered> parts;
    ordered parts_of = {{"kind", "positional"}};
    for (const auto& [tag, child] : element) {
      if (tag != "isofield" && tag != "isofieldpackager")
        continue;
      const auto id = number_in(attribute(child, "id"));
      if (id && is_bitmap(class_of(child))) {
        if (attribute(element, "emitBitmap") == "false")
          continue;
        if (class_of(child) != "IFB_BITMAP")
          return leave_out(path, class_of(child),
                           "its parts behind such a bitmap; the field is there as a whole");
        parts_of["kind"] = "bitmap";
        parts_of["bitmapBytes"] = number_in(attribute(child, "length")).value_or(8);
        continue;
      }
      const auto part = id ? read_field(child, number, path_in(path, *id)) : std::nullopt;
      if (!part)
        return leave_out(path, short_name,
                         "its parts, for one of them cannot be taken over; the field is there as a whole");
      parts[*id] = *part;
      parts[*id]["part"] = parts_of.at("kind") == "bitmap" ? ordered(*id) : ordered(std::to_string(*id));
    }
    auto list = ordered::array();
    for (auto& [id, part] : parts)
      list.push_back(std::move(part));
    parts_of["fields"] = std::move(list);
    set_parts(row, std::move(parts_of));
  }

  // Behind the field's number: "2", "2.1".
  static std::string path_in(const std::string& path, int id) {
    const auto dot = path.find('.');
    return (dot == std::string::npos ? "" : path.substr(dot + 1) + ".") + std::to_string(id);
  }
};

// Behind what ends with `end`, from `at` on.
std::size_t behind(const std::string& xml, std::size_t at, std::string_view end) {
  const auto found = xml.find(end, at);
  return found == std::string::npos ? xml.size() : found + end.size();
}

// Behind the tag at `at`; in the value of an attribute a > ends nothing.
std::size_t behind_tag(const std::string& xml, std::size_t at) {
  for (char quote = '\0'; at < xml.size(); ++at) {
    const char c = xml[at];
    if (quote != '\0')
      quote = c == quote ? '\0' : quote;
    else if (c == '"' || c == '\'')
      quote = c;
    else if (c == '>')
      return at + 1;
  }
  return at;
}

// The parser is recursive.
bool is_nested_too_deep(const std::string& xml) {
  constexpr int depth_max = 64;
  int depth = 0;
  for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at)) {
    const auto rest = std::string_view(xml).substr(at);
    if (rest.starts_with("<!--")) {
      at = behind(xml, at + 4, "-->");
    } else if (rest.starts_with("<![CDATA[")) {
      at = behind(xml, at, "]]>");
    } else if (rest.starts_with("<?")) {
      at = behind(xml, at, "?>");
    } else if (rest.starts_with("</")) {
      depth = std::max(depth - 1, 0);
      at = behind_tag(xml, at);
    } else {
      const auto end = behind_tag(xml, at);
      const bool opens = !rest.starts_with("<!") && xml[end - 1] == '>' && xml[end - 2] != '/';
      if ((opens || xml[end - 1] != '>') && ++depth > depth_max)
        return true;
      at = end;
    }
  }
  return false;
}

}  // namespace

imported read_jpos(const std::string& xml) {
  reader r;
  r.out.name = "imported";
  if (is_nested_too_deep(xml)) {
    r.out.broken = "its XML is nested more deeply than any packager";
    return r.out;
  }
  ptree tree;
  try {
    std::istringstream in(xml);
    boost::property_tree::read_xml(
      in, tree,
      boost::property_tree::xml_parser::no_comments | boost::property_tree::xml_parser::trim_whitespace);
  } catch (const boost::property_tree::xml_parser_error& error) {
    r.out.broken = "this is not XML, line " + std::to_string(error.line()) + ": " + error.message();
    return r.out;
  }
  const auto packager = tree.get_child_optional("isopackager");
  if (!packager)
    r.out.broken = "there is no <isopackager> in it";
  else
    r.read(*packager);
  return r.out;
}

}  // namespace inspect
