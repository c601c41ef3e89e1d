#include "codec/privacy/message_table.hpp"

#include <algorithm>
#include <cstdint>

#include "codec/bitmap.hpp"
#include "codec/composite/composite.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masked_bytes.hpp"
#include "codec/text/hex.hpp"

namespace codec {

namespace {

constexpr std::size_t value_column = 49;

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
      rows.push_back({"1", d.bitmap_name, to_upper_hex(bitmap_bytes(m)), ""});
  }
  return rows;
}

std::string table_line(const table_row& row) {
  auto text = std::string(2 * row.depth, ' ') + row.name + (row.name.empty() ? "[" : " [") + row.path + "]";
  text.resize(std::max(text.size(), value_column), '.');
  return "     " + text + row.value + (row.meaning.empty() ? "" : " (" + row.meaning + ")") + "\n";
}

std::string message_table(const message& m, const dialect& d, exposure e, bool expired) {
  std::string text = "     [" + title(m) + "]";
  if (m.has(fields::response_code) && without_leading_zeros(m[fields::response_code]) != "0")
    text += " <faulty>";
  if (expired)
    text += " <expired>";
  text += "\n\n";
  for (const auto& row : message_rows(m, d, detail::fields, e))
    text += table_line(row);
  return text;
}

}  // namespace codec
