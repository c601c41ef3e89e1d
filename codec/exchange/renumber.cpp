#include "codec/exchange/renumber.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "codec/exchange/template.hpp"
#include "codec/fields.hpp"

namespace codec {

namespace {

constexpr std::size_t stan_digits = 6;

// Its digits there; empty where there are none, or zeros alone.
std::string_view digits_at(std::string_view value, const text_place& p) {
  const auto digits = value.size() < p.at + p.size ? std::string_view() : value.substr(p.at, p.size);
  return all_digits(digits) && digits.find_first_not_of('0') != std::string_view::npos ? digits
                                                                                       : std::string_view();
}

struct original_data {
  int field;
  std::size_t stan_at;
};

// Where a reversal names its original apart from its own STAN.
std::optional<original_data> original_data_of(const message& reversal, const dialect& d) {
  for (const auto& [number, text] : d.reversal.set)
    if (const auto p = place_of(fields::stan, text, d);
        p && p->size == stan_digits && !digits_at(reversal[number], *p).empty())
      return original_data{number, p->at};
  return {};
}

// Of a message that goes on as it came, the bytes of one field.
std::optional<message> overwritten(const message& m, int number, std::string_view value) {
  auto bytes = m.wire();
  std::vector<message::place> in_bytes;
  bool done = false;
  for (const auto& p : m.index()) {
    if (!p.form.coded)
      continue;
    in_bytes.push_back(p);
    if (p.number != number || value.size() != p.units)
      continue;
    std::string encoded;
    p.form.coded->write(value, p.units, p.form, encoded);
    done = encoded.size() == m.raw(p).size();
    if (done)
      bytes.replace(p.at, encoded.size(), encoded);
  }
  if (!done)
    return {};
  message other(bytes, std::move(in_bytes), m.layout(), message::reading::part);
  for (const auto& p : m.index())
    if (!p.form.coded)
      other.take(p.number, m.text(p));
  return other;
}

message with_value(const message& m, int number, std::string_view value) {
  if (!m.wire().empty())
    return overwritten(m, number, value).value_or(m);
  auto other = m;
  other.set(number, value);
  return other;
}

}  // namespace

std::string stan_text(std::uint64_t stan) {
  const auto text = std::to_string(stan);
  return std::string(stan_digits - std::min(text.size(), stan_digits), '0') + text;
}

bool has_own_stan(const dialect& d) {
  const auto* spec = d.find(fields::stan);
  return spec && spec->length_max == stan_digits;
}

message with_stan(const message& m, std::string_view stan) { return with_value(m, fields::stan, stan); }

std::string_view named_stan(const message& reversal, const dialect& d) {
  const auto data = original_data_of(reversal, d);
  return data ? reversal[data->field].substr(data->stan_at, stan_digits) : reversal[fields::stan];
}

std::string_view named_value(const message& reversal, int number, const dialect& d) {
  for (const auto& [data, text] : d.reversal.set)
    if (const auto p = place_of(number, text, d))
      return digits_at(reversal[data], *p);
  return {};
}

message naming_original(const message& reversal, std::string_view original, std::string_view own,
                        const dialect& d) {
  const bool is_its_own = named_stan(reversal, d) == reversal[fields::stan];
  auto m = with_stan(reversal, is_its_own ? original : own);
  if (const auto data = original_data_of(reversal, d)) {
    std::string value(reversal[data->field]);
    m = with_value(m, data->field, value.replace(data->stan_at, stan_digits, original));
  }
  return m;
}

}  // namespace codec
