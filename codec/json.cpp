#include "codec/json.hpp"

#include <algorithm>
#include <charconv>

#include "codec/bitmap.hpp"
#include "codec/hex.hpp"
#include "codec/message_table.hpp"
#include "codec/mti.hpp"

namespace codec {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// JSON numbers are doubles to most readers; up to 15 decimal digits survive that.
constexpr std::size_t exact_digits_max = 15;

// Text on the wire is bytes, in JSON it is Unicode: the two meet in Latin-1, which loses nothing.
std::string utf8_of_latin1(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return text;
}

std::optional<std::string> latin1_of_utf8(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      bytes += text[i];
    } else if ((byte == 0xc2 || byte == 0xc3) && i + 1 < text.size()) {
      bytes += static_cast<char>((byte & 0x03) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3f));
    } else {
      return {};
    }
  }
  return bytes;
}

std::optional<int> field_number(std::string_view key) {
  int number{};
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
  if (error != std::errc() || end != key.data() + key.size() || number < 0 || number > field_max)
    return {};
  return number;
}

std::optional<std::string> value_text(const json& value) {
  if (value.is_string())
    return latin1_of_utf8(value.get_ref<const std::string&>());
  if (value.is_number_unsigned())
    return std::to_string(value.get<std::uint64_t>());
  return {};
}

} // namespace

result<message> from_json(const json& object, const dialect& d) {
  if (!object.is_object())
    return fault{fault_code::wrong_type, whole_message};
  message m;
  for (const auto& [key, value] : object.items()) {
    const auto number = field_number(key);
    if (!number)
      return fault{fault_code::unknown_field, whole_message};
    if (*number == 1)
      continue;
    const auto* spec = d.find(*number);
    if (!spec)
      return fault{fault_code::unknown_field, *number};
    const auto text = value_text(value);
    if (!text)
      return fault{fault_code::wrong_type, *number};
    if (const auto broken = value_fault(*text, *spec))
      return fault{*broken, *number};
    m.set(*number, canonical(*text, *spec));
  }
  if (!is_mti(m.mti()))
    return fault{fault_code::missing, 0};
  return m;
}

ordered_json to_json(const message& m, const dialect& d) {
  auto object = ordered_json::object();
  for (const auto& [number, value] : m) {
    const auto* spec = d.find(number);
    if (!spec)
      continue;
    const auto text = presented(value, *spec);
    const bool is_number = spec->is_fixed() && spec->type->content == content_form::digits && !spec->padded;
    if (is_number && text.size() <= exact_digits_max)
      object[std::to_string(number)] = std::stoull(text);
    else
      object[std::to_string(number)] = utf8_of_latin1(text);
    if (number == 0)
      object["1"] = to_upper_hex(bitmap_bytes(m));
  }
  return object;
}

} // namespace codec
