#include "codec/text/legacy_json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "codec/bitmap.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/message_table.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/latin1.hpp"

namespace codec {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// JSON numbers are doubles to most readers; up to 15 decimal digits survive that.
constexpr std::size_t exact_digits_max = 15;

// Enough to see what is wrong; a peer could name a million.
constexpr std::size_t faults_max = 20;

std::optional<int> field_number(std::string_view key) {
  int number{};
  const auto error = std::from_chars(key.data(), key.data() + key.size(), number).ec;
  if (error != std::errc() || std::to_string(number) != key || number < 0 || number > field_max)
    return {};
  return number;
}

std::optional<std::string> value_text(const json& value) {
  if (value.is_string())
    return latin1_of_utf8(value.get_ref<const std::string&>());
  if (value.is_number_unsigned())
    return std::to_string(value.get<std::uint64_t>());
  // 1000.0 is the same number to whoever wrote it.
  if (value.is_number_float())
    if (const auto number = value.get<double>(); number >= 0 && number < 1e15 && number == std::floor(number))
      return std::to_string(static_cast<std::uint64_t>(number));
  return {};
}

// ISO 8583 gives no message this class. What is filled up with zeros to a message type, as a 9, has it.
constexpr char no_class = '0';

// Half a byte is nothing that could be sent; the old program drops it.
bool has_half_byte(std::string_view text, const field_spec& spec) {
  return spec.form.what == content::b && !spec.is_fixed() && text.size() % 2 != 0 && text.size() > 1;
}

void take_field(json_message& m, std::string_view text, const field_spec& spec) {
  const bool cut = has_half_byte(text, spec) && is_hex(text);
  if (cut)
    text.remove_suffix(1);
  if (is_blank(text))
    m.faults.push_back({fault_code::empty, spec.number});
  else if (const auto broken = value_fault(text, spec))
    m.faults.push_back({*broken, spec.number});
  else if (spec.number == fields::mti && message_class(canonical(text, spec)) == no_class)
    m.faults.push_back({fault_code::bad_mti, spec.number});
  else
    m.value.set(spec.number, canonical(text, spec));
  if (cut)
    m.cut.push_back(spec.number);
}

}  // namespace

json_message from_json(const json& object, const dialect& d) {
  if (!object.is_object())
    return {{}, {{fault_code::wrong_type, whole_message}}};
  json_message m;
  for (const auto& [key, value] : object.items()) {
    if (m.faults.size() >= faults_max)
      break;
    const auto number = field_number(key);
    if (number == 1)
      continue;
    const auto* spec = number ? d.find(*number) : nullptr;
    const auto text = spec ? value_text(value) : std::nullopt;
    if (!spec)
      m.faults.push_back({fault_code::unknown_field, number.value_or(whole_message)});
    else if (!text)
      m.faults.push_back({fault_code::wrong_type, *number});
    else
      take_field(m, *text, *spec);
  }
  if (m.faults.empty() && !is_mti(m.value.mti()))
    m.faults.push_back({fault_code::missing, 0});
  return m;
}

ordered_json to_json(const message& m, const dialect& d) {
  auto object = ordered_json::object();
  for (const auto& [number, value] : m) {
    const auto* spec = d.find(number);
    if (!spec)
      continue;
    const auto text = presented(value, *spec);
    const bool is_number =
      spec->is_fixed() && is_digits(spec->form.what) && spec->form.coded != &binary_encoding && !spec->padded;
    if (is_number && !text.empty() && text.size() <= exact_digits_max &&
        std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
      object[std::to_string(number)] = std::stoull(text);
    else
      object[std::to_string(number)] = utf8_of_latin1(text);
    if (number == 0)
      object["1"] = to_upper_hex(bitmap_bytes(m));
  }
  return object;
}

}  // namespace codec
