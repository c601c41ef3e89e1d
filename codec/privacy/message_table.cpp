#include "codec/privacy/message_table.hpp"

#include <algorithm>
#include <cstdint>

#include "codec/bitmap.hpp"
#include "codec/mti.hpp"
#include "codec/text/hex.hpp"

namespace codec {

namespace {

constexpr std::size_t value_column = 49;

std::string line(std::string_view name, int number, std::string_view value) {
  auto text = std::string(name) + " [" + std::to_string(number) + "]";
  text.resize(std::max(text.size(), value_column), '.');
  return "     " + text + std::string(value) + "\n";
}

// What a code means, or nothing.
std::string_view meaning(const std::map<std::string, std::string, std::less<>>& meanings,
                         std::string_view code) {
  const auto it = meanings.find(code);
  return it == meanings.end() ? std::string_view() : std::string_view(it->second);
}

// In brackets behind the value of fields 22 and 39.
std::string remark(const message::field& f, const dialect& d) {
  if (f.number == 39) {
    const auto text = d.meaning_of(f.value);
    return text.empty() ? "" : " (" + std::string(text) + ")";
  }
  if (f.number == 22 && f.value.size() == 3) {
    const auto input = meaning(d.card_input_modes, f.value.substr(0, 2));
    const auto authentication = meaning(d.cardholder_authentications, f.value.substr(2));
    std::string text;
    if (!input.empty())
      text += "Card Data Input Mode: <" + std::string(input) + ">";
    if (!authentication.empty())
      text += std::string(text.empty() ? "" : "; ") + "Cardholder Auth Method: <" +
              std::string(authentication) + ">";
    return text.empty() ? "" : " (" + text + ")";
  }
  return {};
}

}  // namespace

std::string title(const message& m) {
  const auto* kind = is_request(m.mti()) ? " Request" : " Response";
  switch (message_class(m.mti())) {
    case '1': return std::string("Authorization") + kind;
    case '2': return (m[3] == "200000" ? std::string("Refund") : std::string("Purchase")) + kind;
    case '4': return std::string("Reversal") + kind;
    case '8': return std::string("Echo") + kind;
    default: return "Message " + std::string(m.mti());
  }
}

std::string presented(std::string_view value, const field_spec& spec) {
  const bool is_number = spec.is_fixed() && is_digits(spec.form.what);
  return std::string(is_number && !spec.padded ? without_leading_zeros(value) : value);
}

std::string message_table(const message& m, const dialect& d, exposure e, bool expired) {
  std::string text = "     [" + title(m) + "]";
  if (m.has(39) && without_leading_zeros(m[39]) != "0")
    text += " <faulty>";
  if (expired)
    text += " <expired>";
  text += "\n\n";
  for (const auto& f : m) {
    const auto* spec = d.find(f.number);
    if (!spec)
      continue;
    const auto value =
      spec->shown == privacy::open ? shown(presented(f.value, *spec), *spec, e) : shown(f.value, *spec, e);
    text += line(spec->name, f.number, value + remark(f, d));
    if (f.number == 0)
      text += line(d.bitmap_name, 1, to_upper_hex(bitmap_bytes(m)));
  }
  return text;
}

}  // namespace codec
