// `socketqueue describe`: bytes as messages, each as the table that the log has, with a row for each part of
// a field. Card data is masked by codec/privacy.

#include <algorithm>
#include <ostream>

#include <nlohmann/json.hpp>

#include "codec/composite/lookup.hpp"
#include "codec/privacy/message_table.hpp"
#include "codec/text/latin1.hpp"
#include "inspect/arguments.hpp"
#include "inspect/emv_tags.hpp"
#include "inspect/input.hpp"
#include "inspect/reading.hpp"

namespace inspect {

namespace {

using json = nlohmann::ordered_json;

struct wanted {
  codec::exposure shown;
  bool as_json;
  std::vector<codec::byte_range> hidden = {};  ///< of all bytes
};

// What of these bytes is hidden, as places behind `begin`.
std::vector<codec::byte_range> hidden_behind(std::size_t begin, const wanted& w) {
  auto hidden = w.hidden;
  std::erase_if(hidden, [begin](const auto& h) { return h.end <= begin; });
  for (auto& h : hidden)
    h = {std::max(h.begin, begin) - begin, h.end - begin};
  return hidden;
}

// A value's bytes are Latin-1; a screen and JSON have UTF-8.
std::string for_people(std::string_view text) { return printable(codec::utf8_of_latin1(text)); }

// The tags of EMV data have names of their own, whatever the dialect knows of them.
std::vector<codec::table_row> rows_of(const read_message& read, const codec::dialect& d, const wanted& w) {
  const auto& m = read.value;
  const auto e = w.shown;
  auto rows = codec::message_rows(m, d, codec::detail::parts, e);
  if (e == codec::exposure::masked)
    codec::hide_card_numbers(rows, m, d, hidden_behind(read.where.begin, w), read.faults.empty());
  for (auto& row : rows) {
    const auto dot = row.path.find('.');
    const auto* field =
      dot == std::string::npos ? nullptr : d.find(std::string_view(row.path).substr(0, dot));
    if (row.name.empty() && field && field->shown == codec::privacy::emv)
      row.name = emv_tag_name(std::string_view(row.path).substr(row.path.rfind('.') + 1));
    // The value's parts stand behind it, each on a row.
    if (row.parts != 0 && e == codec::exposure::masked)
      row.value = std::to_string(row.parts) + (row.parts == 1 ? " part" : " parts");
  }
  return rows;
}

std::string bytes_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

// A rule's fault stands beside its field, and behind the table where the field is not there.
void print_rows(const read_message& m, const codec::dialect& d, const wanted& w, std::ostream& out) {
  const auto rows = rows_of(m, d, w);
  const auto is_shown = [&rows](const std::string& path) {
    return std::ranges::find(rows, path, &codec::table_row::path) != rows.end();
  };
  for (auto row : rows) {
    row.value = for_people(row.value);
    for (const auto& f : m.against_rules)
      if (f.path == row.path)
        row.value += " <" + std::string(codec::meaning(f.what.code)) + ">";
    out << codec::table_line(row);
  }
  for (const auto& f : m.against_rules)
    if (!is_shown(f.path)) {
      const auto place = codec::find_place(f.path, d);
      out << codec::table_line(
        {f.path, place ? place->spec.name : "", "<" + std::string(codec::meaning(f.what.code)) + ">", ""});
    }
}

// Where the reading is wrong a card number may stand in it.
std::string shown_header(std::string_view bytes, const piece& where, const frame& by, const wanted& w) {
  const auto size = where.begin - where.at;
  const auto text = header_text(bytes.substr(where.at, size), by);
  for (const auto& h : hidden_behind(where.at, w))
    if (h.begin < size && w.shown == codec::exposure::masked)
      return std::string(text.size(), '*');
  return text;
}

void print(const reading& r, std::string_view bytes, const codec::dialect& d, const wanted& w,
           std::ostream& out) {
  out << bytes_text(r.size) << ", " << r.messages.size()
      << (r.messages.size() == 1 ? " message" : " messages") << " of " << printable(d.name) << ", "
      << r.by.name() << "\n";
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    const auto& m = r.messages[i];
    out << "\nmessage " << i + 1 << ": bytes " << m.where.begin << " to " << m.where.end;
    if (m.where.begin != m.where.at)
      out << ", header " << shown_header(bytes, m.where, r.by, w);
    out << "\n\n";
    if (codec::message().mti() != m.value.mti())
      out << "     [" << codec::title(m.value) << "]\n\n";
    print_rows(m, d, w, out);
    if (!m.faults.empty())
      out << "\n     not read\n";
    for (const auto& f : m.faults)
      out << "     " << to_string(f) << "\n";
    if (m.end < m.where.end)
      out << "     the last " << bytes_text(m.where.end - m.end) << " of the message, from byte " << m.end
          << "\n";
  }
  for (const auto& f : r.faults)
    out << "\nnot read: " << to_string(f) << "\n";
}

json as_json(const std::vector<unread>& faults) {
  auto list = json::array();
  for (const auto& f : faults)
    list.push_back({{"offset", f.offset}, {"path", f.path}, {"reason", f.why}});
  return list;
}

json as_json(const read_message& m, const codec::dialect& d, const wanted& w) {
  json object{
    {"offset", m.where.begin}, {"size", m.where.end - m.where.begin}, {"read", m.end - m.where.begin}};
  auto fields = json::array();
  for (const auto& row : rows_of(m, d, w)) {
    json field{{"path", row.path}, {"name", row.name}};
    if (row.depth == 0)
      if (const auto* spec = d.find(std::string_view(row.path)); spec && !spec->alias.empty())
        field["alias"] = spec->alias;
    field[row.parts == 0 ? "value" : "parts"] =
      row.parts == 0 ? json(codec::utf8_of_latin1(row.value)) : json(row.parts);
    if (!row.meaning.empty())
      field["meaning"] = row.meaning;
    fields.push_back(std::move(field));
  }
  object["fields"] = std::move(fields);
  object["faults"] = as_json(m.faults);
  auto rules = json::array();
  for (const auto& f : m.against_rules)
    rules.push_back({{"path", f.path}, {"reason", codec::meaning(f.what.code)}});
  object["rules"] = std::move(rules);
  return object;
}

json as_json(const reading& r, const codec::dialect& d, const wanted& w) {
  json object{{"dialect", d.name},
              {"header", r.by.header.empty() ? json() : json(r.by.header)},
              {"lengthIncludeHeader", r.by.includes_header},
              {"size", r.size},
              {"read", r.read}};
  auto list = json::array();
  for (const auto& m : r.messages)
    list.push_back(as_json(m, d, w));
  object["messages"] = std::move(list);
  object["faults"] = as_json(r.faults);
  return object;
}

}  // namespace

int describe(const arguments& a, streams io) {
  const auto d = read_dialect(a.value("dialect", "smartVista"));
  if (const auto* why = std::get_if<std::string>(&d))
    return misused(io, *why);
  const auto frames = read_frames(a);
  if (const auto* why = std::get_if<std::string>(&frames))
    return misused(io, *why);
  const auto given = read_bytes(a.words, a, io.in);
  if (const auto* why = std::get_if<std::string>(&given))
    return misused(io, *why);
  const auto& dialect = std::get<codec::dialect>(d);
  const std::string_view bytes = std::get<given_bytes>(given).bytes;
  const auto r = best_reading(bytes, dialect, std::get<std::vector<frame>>(frames));
  const wanted w{a.has("dangerous") ? codec::exposure::everything : codec::exposure::masked, a.has("json"),
                 codec::hidden_digits_in(bytes)};
  if (w.as_json)
    io.out << as_json(r, dialect, w).dump(2, ' ', false, json::error_handler_t::replace) << "\n";
  else
    print(r, bytes, dialect, w, io.out);
  return r.is_whole() ? 0 : exit_no;
}

}  // namespace inspect
