#include "inspect/import/rows.hpp"

#include <algorithm>

#include "codec/dialect/dialect_file.hpp"
#include "config/dialects.hpp"

namespace inspect {

namespace {

// The fields that hold card data by the standard (ISO 8583:1987, table of data elements).
std::string_view privacy_of_field(int number) {
  switch (number) {
    case 2: return "pan";
    case 35:
    case 45: return "track";
    case 14:
    case 34:
    case 36:
    case 52:
    case 53: return "secret";
    default: return "";
  }
}

// What may be shown of a value of which no more is known than its form.
std::string_view privacy_of(int number, bool is_part, const columns& c, std::size_t length) {
  if (!is_part)
    if (const auto known = privacy_of_field(number); !known.empty())
      return known;
  if (number == 55 && c.content == "b")
    return is_part ? "secret" : "emv";
  if (c.content == "b")
    return "secret";
  // Message types, trace numbers, times and acquirers of the original (ISO 8583:1987).
  if (!is_part && number == 90 && c.content == "n" && length == 42)
    return "open";
  // A card number has 13 digits and more.
  const bool is_amount = c.content == "x+n";
  return is_amount || (c.content == "n" && length < 13) ? "open" : "free";
}

// As the dialects that are built in call it: programs that use /v1 need not learn another name.
std::string alias_of(int number) {
  static const auto dialects = [] {
    std::vector<codec::dialect> all;
    for (const auto& file : config::built_in_dialects())
      if (auto d = codec::parse_dialect(file.text))
        all.push_back(*std::move(d));
    return all;
  }();
  for (const auto& d : dialects)
    if (const auto* spec = d.find(number); spec && !spec->alias.empty())
      return spec->alias;
  return "";
}

bool is_text_in_ascii(const ordered& part) {
  const auto coded = part.value("encoding", part.at("content") == "b" ? "binary" : "ascii");
  return coded == "ascii";
}

}  // namespace

ordered make_row(int number, const std::string& part, std::string name, const columns& c,
                 std::size_t length) {
  auto row = ordered::object();
  if (part.empty())
    row["field"] = number;
  else
    row["part"] = part;
  if (part.empty())
    if (auto alias = alias_of(number); !alias.empty())
      row["alias"] = std::move(alias);
  row["name"] = name.empty() ? "Field " + std::to_string(number) : std::move(name);
  row["content"] = c.content;
  row["encoding"] = c.encoding;
  if (c.length_encoding.empty()) {
    row["length"] = length;
  } else {
    row["length"] = ordered{{"max", length}, {"encoding", c.length_encoding}, {"size", c.length_size}};
    if (!c.counts.empty())
      row["length"]["counts"] = c.counts;
  }
  if (!c.padding.empty())
    row["padding"] = c.padding;
  row["privacy"] = privacy_of(number, !part.empty(), c, length);
  // A number to people; all else keeps its zeros.
  const bool is_amount = number >= 3 && number <= 6;
  if (part.empty() && c.content == "n" && c.length_encoding.empty() && !is_amount)
    row["padded"] = true;
  return row;
}

void set_parts(ordered& row, ordered parts) {
  const bool is_ber = parts.at("kind") == "ber";
  const auto list = parts.value("fields", ordered::array());
  const bool is_text = !is_ber && parts.at("kind") != "bitmap" && std::ranges::all_of(list, is_text_in_ascii);
  row["content"] = is_text ? "any" : "b";
  row["encoding"] = is_text ? "ascii" : "binary";
  if (row.at("length").is_object())
    row["length"].erase("counts");
  row.erase("padding");
  row.erase("padded");
  // Each part has a privacy of its own; what has none is bytes with all masked that could be a card number.
  row["privacy"] = is_text ? "free" : is_ber && row.value("field", 0) == 55 ? "emv" : "open";
  row["parts"] = std::move(parts);
}

std::string text_of(const imported& all) {
  const auto line = [](const ordered& value) {
    return value.dump(-1, ' ', false, ordered::error_handler_t::replace);
  };
  auto text = "{\n  \"name\": " + line(all.name) + ",\n  \"bitmap\": " + line(all.bitmap) +
              ",\n  \"mandatory\": {},\n  \"approvals\": [\"0\"],";
  if (!all.answers.empty())
    text += "\n  \"answers\": " + line(all.answers) + ",";
  if (!all.examples.empty())
    text += "\n  \"examples\": " + line(all.examples) + ",";
  text += "\n  \"fields\": [";
  for (std::size_t i = 0; i < all.rows.size(); ++i)
    text += (i == 0 ? "\n    " : ",\n    ") + line(all.rows[i]);
  return text + "\n  ]\n}\n";
}

}  // namespace inspect
