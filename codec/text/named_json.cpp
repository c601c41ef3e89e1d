#include "codec/text/named_json.hpp"

#include <algorithm>
#include <set>

#include "codec/composite/tlv.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/latin1.hpp"

namespace codec {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// {"9F26": "...", "9F10": "..."} as the hexadecimal value of field 55.
std::string read_tags(const json& tags, const std::string& path, std::vector<named_fault>& faults) {
  std::string bytes;
  std::set<std::string> seen;
  for (const auto& [tag, value] : tags.items()) {
    // 9F26 and 9f26 are one tag.
    auto name = tag;
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (!seen.insert(std::move(name)).second) {
      faults.push_back({fault_code::twice, path + "." + tag});
      continue;
    }
    const auto content = value.is_string() ? from_hex(value.get_ref<const std::string&>()) : std::nullopt;
    const auto item = content ? write_tlv(tag, *content) : std::nullopt;
    if (!item)
      faults.push_back({value.is_string() ? fault_code::not_hex : fault_code::wrong_type, path + "." + tag});
    else
      bytes += *item;
  }
  return to_hex(bytes);
}

void read_field(message& m, const std::string& key, const json& value, const dialect& d,
                std::vector<named_fault>& faults) {
  const auto* spec = d.find(std::string_view(key));
  if (!spec) {
    faults.push_back({fault_code::unknown_field, key});
    return;
  }
  std::optional<std::string> text;
  const auto faults_before = faults.size();
  if (value.is_string())
    text = latin1_of_utf8(value.get_ref<const std::string&>());
  else if (value.is_object() && spec->shown == privacy::emv)
    text = read_tags(value, key, faults);
  if (faults.size() != faults_before)
    return;
  if (!text)
    faults.push_back({fault_code::wrong_type, key});
  else if (is_blank(*text))
    faults.push_back({fault_code::empty, key});
  else if (m.has(spec->number))
    faults.push_back({fault_code::twice, key});
  else if (const auto broken = value_fault(*text, *spec))
    faults.push_back({*broken, key});
  else
    m.set(spec->number, canonical(*text, *spec));
}

// The tags of EMV data with card data masked; nothing where it is not well-formed or a tag comes twice.
std::optional<ordered_json> tags_of(std::string_view hex) {
  const auto bytes = from_hex(hex);
  const auto items = bytes ? split_tlv(*bytes) : std::nullopt;
  if (!items)
    return {};
  auto tags = ordered_json::object();
  for (const auto& item : *items) {
    auto name = item.tag;
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
    const auto content = masked_emv_value(item);
    if (!content || tags.contains(name))
      return {};
    tags[name] = *content;
  }
  return tags;
}

}  // namespace

std::string name_of(const field_spec& spec) {
  return spec.alias.empty() ? std::to_string(spec.number) : spec.alias;
}

result<message, std::vector<named_fault>> from_named_json(const json& object, const dialect& d) {
  if (!object.is_object())
    return std::vector{named_fault{fault_code::wrong_type, ""}};
  message m;
  std::vector<named_fault> faults;
  for (const auto& [key, value] : object.items()) {
    // Enough to see what is wrong; a peer could name a million.
    if (faults.size() >= 20)
      break;
    read_field(m, key, value, d, faults);
  }
  if (faults.empty() && !is_mti(m.mti()))
    faults.push_back({fault_code::missing, name_of(*d.find(0))});
  if (!faults.empty())
    return faults;
  return m;
}

ordered_json to_named_json(const message& m, const dialect& d) {
  auto object = ordered_json::object();
  for (const auto& [number, value] : m) {
    const auto* spec = d.find(number);
    if (!spec)
      continue;
    const auto tags = spec->shown == privacy::emv ? tags_of(value) : std::nullopt;
    if (tags)
      object[name_of(*spec)] = *tags;
    else
      object[name_of(*spec)] = utf8_of_latin1(shown(value, *spec));
  }
  return object;
}

}  // namespace codec
