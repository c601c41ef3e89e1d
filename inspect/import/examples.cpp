// Examples for a dialect of which only the fields are known: a purchase by track or card number, and an echo.

#include "codec/exchange/template.hpp"
#include "codec/fields.hpp"
#include "inspect/import/rows.hpp"

namespace inspect {

namespace {

namespace fields = codec::fields;

// A value of one form of a field; of several the first that fits is taken.
struct candidate {
  int field;
  const char* text;
};

// The card is a test card. STAN, TID, amount and merchant are added when an example is sent.
constexpr candidate of_1987[]{{3, "000000"},        {7, "{now:MMDDhhmmss}"},
                              {12, "{now:hhmmss}"}, {13, "{now:MMDD}"},
                              {22, "021"},          {22, "0021"},
                              {25, "00"},           {49, "643"},
                              {49, "0643"}};
constexpr candidate of_1993[]{{3, "000000"},
                              {7, "{now:MMDDhhmmss}"},
                              {12, "{now:YYMMDDhhmmss}"},
                              {22, "210101214140"},
                              {24, "200"},
                              {26, "5999"},
                              {49, "643"}};
constexpr candidate cards[]{{35, "4850781234567891=25122011000000000000"}, {2, "4850781234567891"}};
constexpr candidate echo_of_1987[]{{7, "{now:MMDDhhmmss}"}, {70, "301"}, {3, "990000"}};
constexpr candidate echo_of_1993[]{{7, "{now:MMDDhhmmss}"}, {12, "{now:YYMMDDhhmmss}"}, {24, "831"}};

bool fits(const candidate& c, const codec::dialect& d) {
  const auto* spec = d.find(c.field);
  if (!spec)
    return false;
  const std::string_view text = c.text;
  const auto size = codec::template_size_max(text, d);
  if (text.find('{') == std::string_view::npos)
    return !codec::value_fault(text, *spec) && (!spec->is_fixed() || size == spec->text_size_max());
  return codec::is_digits(spec->form.what) && size == spec->text_size_max();
}

void add(ordered& into, const candidate& c, const codec::dialect& d) {
  const auto key = std::to_string(c.field);
  if (!into.contains(key) && fits(c, d))
    into[key] = c.text;
}

}  // namespace

ordered examples_of(const codec::dialect& d) {
  const auto* time = d.find(fields::local_time);
  const bool is_1993 = time && time->length_max == 12;
  auto purchase = ordered::object(), echo = ordered::object();
  if (is_1993) {
    for (const auto& c : of_1993)
      add(purchase, c, d);
    for (const auto& c : echo_of_1993)
      add(echo, c, d);
  } else {
    for (const auto& c : of_1987)
      add(purchase, c, d);
    for (const auto& c : echo_of_1987)
      if (c.field != fields::processing_code || !echo.contains("70"))
        add(echo, c, d);
  }
  for (const auto& c : cards)
    if (!purchase.contains("35"))
      add(purchase, c, d);
  if (const candidate expiry{14, "2512"}; !purchase.contains("35"))
    add(purchase, expiry, d);
  return {{"purchase", {{"mti", is_1993 ? "1200" : "0200"}, {"fields", std::move(purchase)}}},
          {"echo", {{"mti", is_1993 ? "1804" : "0800"}, {"fields", std::move(echo)}}}};
}

ordered answers_of(const codec::dialect& d) {
  const auto* spec = d.find(fields::response_code);
  if (!spec || !spec->is_fixed() || spec->text_size_max() != 2)
    return {};
  return {{"approved", "00"},
          {"systemError", "96"},
          {"insufficientFunds", "51"},
          {"notPermitted", "30"},
          {"notFound", "25"}};
}

}  // namespace inspect
