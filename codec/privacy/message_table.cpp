#include "codec/privacy/message_table.hpp"

#include <algorithm>
#include <cstdint>
#include <map>

#include "codec/bitmap.hpp"
#include "codec/composite/composite.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masked_bytes.hpp"
#include "codec/text/hex.hpp"

namespace codec {

namespace {

constexpr std::size_t indent = 5, value_column = 49;

// The first bitmap is no field with a value, and stands in a table all the same.
constexpr int bitmap_row = 1;

// What a code means, or nothing.
std::string_view meaning(const std::map<std::string, std::string, std::less<>>& meanings,
                         std::string_view code) {
  const auto it = meanings.find(code);
  return it == meanings.end() ? std::string_view() : std::string_view(it->second);
}

// What a coded value means. A code is part of what is shown, so only of values that may be.
std::string meaning_in(const field_spec& spec, std::string_view value) {
  if (spec.shown != privacy::open && spec.shown != privacy::free)
    return {};
  return std::string(meaning(spec.values, value));
}

std::string meaning_of(const message::field& f, const field_spec& spec, const dialect& d) {
  if (auto text = meaning_in(spec, f.value); !text.empty())
    return text;
  if (f.number == fields::response_code)
    return std::string(d.meaning_of(f.value));
  if (f.number == fields::entry_mode && f.value.size() == 3) {
    const auto input = meaning(d.card_input_modes, f.value.substr(0, 2));
    const auto authentication = meaning(d.cardholder_authentications, f.value.substr(2));
    std::string text;
    if (!input.empty())
      text += "Card Data Input Mode: <" + std::string(input) + ">";
    if (!authentication.empty())
      text += std::string(text.empty() ? "" : "; ") + "Cardholder Auth Method: <" +
              std::string(authentication) + ">";
    return text;
  }
  return {};
}

// Whether the parts of a value may be shown one by one. Of EMV data they are tags, withheld by what they are,
// whatever the dialect knows of them.
bool has_visible_parts(const field_spec& spec) {
  if (!spec.parts)
    return false;
  return spec.shown == privacy::open || spec.shown == privacy::free ||
         (spec.shown == privacy::emv && spec.parts->kind == composite_kind::ber);
}

std::vector<element> elements_of(std::string_view bytes, const composite& c) {
  auto all = split(bytes, c);
  if (!all)
    return {};
  std::erase_if(*all, [](const element& e) { return e.name.empty(); });
  return std::move(*all);
}

// The rows of a value's parts, behind the row of the value.
void add_parts(std::string_view bytes, const field_spec& of, exposure e, std::vector<table_row>& rows) {
  constexpr std::size_t depth_max = 16;
  const auto whole = rows.size() - 1;
  const auto depth = rows[whole].depth + 1;
  if (depth > depth_max)
    return;
  for (const auto& part : elements_of(bytes, *of.parts)) {
    auto hidden = part;
    if (of.shown == privacy::emv)
      hidden.spec = nullptr;
    const auto* spec = part.spec;
    const auto text = text_of(part, *of.parts);
    rows.push_back({rows[whole].path + "." + part.name, spec ? spec->name : "",
                    e == exposure::everything ? shown(text, spec ? *spec : unknown_value(*of.parts), e)
                                              : part_shown(hidden, *of.parts),
                    spec && of.shown != privacy::emv ? meaning_in(*spec, text) : "", depth});
    ++rows[whole].parts;
    if (spec && has_visible_parts(*spec) && of.shown != privacy::emv)
      add_parts(part.value, *spec, e, rows);
  }
}

// Whether this field is where the dialect has the card, and a card is in it.
bool has_card(const message::field& f, const dialect& d) {
  const auto* spec = d.find(f.number);
  if (!spec || (spec->shown != privacy::pan && spec->shown != privacy::track))
    return false;
  const auto track = f.value.starts_with('B') ? f.value.substr(1) : f.value;
  return is_card_number(track.substr(0, track.find_first_not_of("0123456789")));
}

bool overlaps(const byte_range& r, const std::vector<byte_range>& hidden) {
  return std::ranges::any_of(hidden,
                             [&r](const byte_range& h) { return h.begin < r.end && r.begin < h.end; });
}

// The bytes of each field, by its number, and of the bitmap. Those of a value that was read in a way of its
// own are all between its neighbours.
std::map<int, byte_range> places_of(const message& m) {
  std::map<int, byte_range> places;
  const auto size = m.received().size();
  std::size_t end = 0;
  bool is_open = false;  // the place before waits for its end
  int before = fields::mti;
  for (const auto& p : m.index()) {
    const bool is_placed = p.form.coded && p.at < size;
    const auto begin = is_placed ? p.at : end;
    if (is_open)
      places[before].end = begin;
    if (before == fields::mti && p.number != fields::mti)
      places[bitmap_row] = {end, begin};
    places[p.number] = {begin, is_placed ? begin + m.raw(p).size() : size};
    is_open = !is_placed;
    end = is_placed ? places[p.number].end : begin;
    before = p.number;
  }
  return places;
}

void append_line(std::string& out, const table_row& row) {
  const auto values_at = out.size() + indent + value_column;
  out.append(indent + 2 * row.depth, ' ').append(row.name).append(row.name.empty() ? "[" : " [");
  out.append(row.path) += ']';
  out.resize(std::max(out.size(), values_at), '.');
  out += row.value;
  if (!row.meaning.empty())
    out.append(" (").append(row.meaning) += ')';
  out += '\n';
}

}  // namespace

std::string title(const message& m) {
  const auto* kind = is_request(m.mti()) ? " Request" : " Response";
  switch (message_class(m.mti())) {
    case '1': return std::string("Authorization") + kind;
    case '2':
      return (m[fields::processing_code] == "200000" ? std::string("Refund") : std::string("Purchase")) +
             kind;
    case '4': return std::string("Reversal") + kind;
    case '8': return std::string("Echo") + kind;
    default: return "Message " + std::string(m.mti());
  }
}

std::string presented(std::string_view value, const field_spec& spec) {
  const bool is_number = spec.is_fixed() && is_digits(spec.form.what);
  return std::string(is_number && !spec.padded ? without_leading_zeros(value) : value);
}

std::vector<table_row> message_rows(const message& m, const dialect& d, detail how, exposure e) {
  std::vector<table_row> rows;
  rows.reserve(m.index().size() + 1);
  for (const auto& f : m) {
    const auto* spec = d.find(f.number);
    if (!spec)
      continue;
    const bool is_short = how == detail::fields && spec->shown == privacy::open;
    rows.push_back({std::to_string(f.number), spec->name,
                    is_short ? shown(presented(f.value, *spec), *spec, e) : shown(f.value, *spec, e),
                    meaning_of(f, *spec, d)});
    if (how == detail::parts && has_visible_parts(*spec) && !value_fault(f.value, *spec))
      add_parts(content_of(m, *spec), *spec, e, rows);
    if (f.number == fields::mti)
      rows.push_back({std::to_string(bitmap_row), d.bitmap_name, to_upper_hex(bitmap_bytes(m)), ""});
  }
  return rows;
}

void hide_card_numbers(std::vector<table_row>& rows, const message& m, const dialect& d,
                       const std::vector<byte_range>& hidden, bool is_whole) {
  const auto is_card = [&](int number) {
    const auto value = m.value(number);
    return value && has_card({number, *value}, d);
  };
  const bool is_trusted =
    is_whole && std::ranges::any_of(m.index(), [&](const auto& p) { return is_card(p.number); });
  const auto places = places_of(m);
  for (auto& row : rows) {
    const auto number = std::stoi(row.path);
    const auto place = places.find(number);
    // A bitmap of digits alone has a right check digit as often as any other number.
    if (number != bitmap_row)
      row.value = without_card_numbers(row.value);
    if (is_trusted || place == places.end() || is_card(number) || !overlaps(place->second, hidden))
      continue;
    row.value = std::string(row.value.size(), '*');
    row.meaning.clear();
  }
}

std::string table_line(const table_row& row) {
  std::string text;
  append_line(text, row);
  return text;
}

std::string message_table(const message& m, const dialect& d, exposure e, bool expired) {
  auto text = std::string(indent, ' ') + "[" + title(m) + "]";
  if (m.has(fields::response_code) && without_leading_zeros(m[fields::response_code]) != "0")
    text += " <faulty>";
  if (expired)
    text += " <expired>";
  text += "\n\n";
  for (const auto& row : message_rows(m, d, detail::fields, e))
    append_line(text, row);
  return text;
}

}  // namespace codec
