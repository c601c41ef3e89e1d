// `socketqueue dialect check`, `table` and `list`: what a dialect file says, and what is wrong with it.

#include <algorithm>
#include <ostream>

#include <nlohmann/json.hpp>

#include "codec/dialect/dialect_file.hpp"
#include "config/dialects.hpp"
#include "inspect/arguments.hpp"
#include "inspect/exchange_table.hpp"
#include "inspect/input.hpp"
#include "inspect/words.hpp"

namespace inspect {

namespace {

using cells = std::vector<std::string>;

std::string kind_of(const codec::composite& c) {
  switch (c.kind) {
    case codec::composite_kind::positional: return "positional";
    case codec::composite_kind::bitmap: return "bitmap of " + std::to_string(c.bitmap_size) + " bytes";
    case codec::composite_kind::tlv:
      return "tlv, tag " + std::to_string(c.tag_units) + " " + std::string(c.tag.coded->name) + ", length " +
             std::to_string(c.length.size) + " " + std::string(c.length.coded->name);
    case codec::composite_kind::ber: break;
  }
  return "ber";
}

constexpr std::string_view time_digits = "YYMMDDhhmmss";

// What a value must be beyond its content.
std::string rules_text(const codec::value_rules& rules) {
  std::string all;
  const auto add = [&all](const std::string& one) { all += (all.empty() ? "" : ", ") + one; };
  if (rules.only_values)
    add("only its values");
  if (!rules.pattern.empty())
    add("pattern " + rules.pattern);
  if (rules.luhn)
    add("luhn");
  if (rules.date)
    add("date " + std::string(time_digits.substr(rules.date->from, rules.date->size)));
  return all;
}

// A row for a field, and one for each of its parts behind it.
void add_rows(const std::string& path, const codec::field_spec& spec, bool has_own_length,
              std::vector<cells>& rows) {
  rows.push_back({path, spec.name, spec.alias, std::string(name_of(spec.form.what)),
                  std::string(spec.form.coded->name), has_own_length ? length_text(spec) : "as its tag's",
                  name_of_padding(spec.form), std::string(name_of(spec.shown)),
                  spec.parts ? kind_of(*spec.parts) : "", rules_text(spec.rules)});
  if (!spec.parts)
    return;
  const bool has_tags =
    spec.parts->kind == codec::composite_kind::tlv || spec.parts->kind == codec::composite_kind::ber;
  for (const auto& part : spec.parts->leading)
    add_rows(path + "." + part.name, part.spec, true, rows);
  for (const auto& part : spec.parts->parts)
    add_rows(path + "." + part.name, part.spec, !has_tags, rows);
}

const cells column_heads{"field",  "name",    "alias",   "content", "encoding",
                 "length", "padding", "privacy", "parts",   "rules"};

std::vector<cells> rows_of(const codec::dialect& d) {
  std::vector<cells> rows;
  for (const auto& spec : d.fields)
    if (spec)
      add_rows(std::to_string(spec->number), *spec, true, rows);
  return rows;
}

std::string bitmap_text(const codec::bitmap_rules& rules) {
  const auto* form = rules.form == codec::bitmap_form::binary ? "binary"
                     : rules.form == codec::bitmap_form::hex  ? "hex"
                                                              : "ebcdic-hex";
  return form + std::string(rules.always_two ? ", always 16 bytes" : "") +
         (rules.third == codec::third_bitmap::in_field_65 ? ", the third in field 65" : "");
}

// Columns under their heads; the last one needs no filling.
void print_aligned(const std::vector<cells>& rows, std::ostream& out) {
  std::vector<std::size_t> widths(column_heads.size());
  const auto all = [&] {
    std::vector<cells> with_head(1, column_heads);
    with_head.insert(with_head.end(), rows.begin(), rows.end());
    return with_head;
  }();
  const auto width = [](std::string_view text) {
    return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  };
  for (const auto& row : all)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], width(row[i]));
  for (const auto& row : all) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += row[i] + std::string(widths[i] - width(row[i]) + 2, ' ');
    out << printable(line.substr(0, line.find_last_not_of(' ') + 1)) << "\n";
  }
}

using texts = std::map<std::string, std::string, std::less<>>;

void print_codes(const std::string& title, const texts& codes, std::ostream& out) {
  if (codes.empty())
    return;
  out << "\n## " << cell(title) << "\n\n| code | meaning |\n|---|---|\n";
  for (const auto& [code, text] : codes)
    out << "| " << cell(code) << " | " << cell(text) << " |\n";
}

void print_values(const std::string& path, const codec::field_spec& spec, std::ostream& out) {
  print_codes("Values of " + path + ", " + spec.name, spec.values, out);
  if (spec.parts)
    for (const auto* parts : {&spec.parts->leading, &spec.parts->parts})
      for (const auto& part : *parts)
        print_values(path + "." + part.name, part.spec, out);
}

// The codec knows no frames, so it does not look at what the text means.
std::string header_in(const std::string& file) {
  const auto content = nlohmann::json::parse(file, nullptr, false);
  const auto header = content.is_object() ? content.find("header") : content.end();
  return content.is_object() && header != content.end() && header->is_string() ? header->get<std::string>()
                                                                               : "";
}

}  // namespace

int check_dialect(const arguments& a, streams io) {
  const auto& path = a.words.front();
  const auto text = config::dialect_text(path);
  if (const auto* why = std::get_if<std::string>(&text))
    return misused(io, "'" + path + "' " + *why + config::meant_dialect(path));
  const auto& file = std::get<config::file_text>(text).text;
  auto faults = codec::faults_of_dialect(file);
  if (auto why = fault_of_header(header_in(file)); !why.empty())
    faults.push_back(std::move(why));
  if (!faults.empty()) {
    for (const auto& fault : faults)
      io.out << printable(path + ": " + fault) << "\n";
    io.out << faults.size() << (faults.size() == 1 ? " fault\n" : " faults\n");
    return exit_no;
  }
  const auto d = codec::parse_dialect(file);
  const auto rows = rows_of(*d);
  io.out << printable(path) << ": dialect " << printable(d->name) << ", bitmap " << bitmap_text(d->bitmap)
         << ", no faults\n\n";
  print_aligned(rows, io.out);
  return 0;
}

int print_dialect(const arguments& a, streams io) {
  const auto read = read_dialect(a.words.front());
  if (const auto* why = std::get_if<std::string>(&read))
    return misused(io, *why);
  const auto& d = std::get<codec::dialect>(read);
  io.out << "# " << cell(d.name) << "\n\nBitmap: " << bitmap_text(d.bitmap) << ".\n\n";
  print_markdown({column_heads, cells(column_heads.size(), "---")}, io.out);
  print_markdown(rows_of(d), io.out);
  print_exchange(d, io.out);
  texts response_codes;
  for (const auto& [code, text] : d.response_codes)
    response_codes[code_text(code, d)] = text;
  print_codes("Response codes", response_codes, io.out);
  print_codes("Card input modes", d.card_input_modes, io.out);
  print_codes("Cardholder authentications", d.cardholder_authentications, io.out);
  for (const auto& spec : d.fields)
    if (spec)
      print_values(std::to_string(spec->number), *spec, io.out);
  return 0;
}

int list_dialects(const arguments&, streams io) {
  for (const auto& file : config::built_in_dialects()) {
    const auto d = codec::parse_dialect(file.text);
    if (!d)
      return misused(io, std::string(file.name) + ": " + d.error());
    const auto fields = std::ranges::count_if(d->fields, [](const auto& spec) { return spec.has_value(); });
    const auto& mti = *d->find(0);
    io.out << file.name << ": " << fields << " fields, message type " << mti.form.coded->name << ", bitmap "
           << bitmap_text(d->bitmap) << (d->reversal.of.empty() ? ", no reversals" : "") << "\n";
  }
  return 0;
}

}  // namespace inspect
