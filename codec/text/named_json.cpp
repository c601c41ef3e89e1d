#include "codec/text/named_json.hpp"

#include <algorithm>
#include <set>

#include "codec/composite/composite.hpp"
#include "codec/composite/tlv.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masked_bytes.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/latin1.hpp"

namespace codec {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// Enough to see what is wrong; a peer could name a million.
constexpr std::size_t faults_max = 20;

// {"9F26": "...", "9F10": "..."} as the hexadecimal value of field 55.
std::string read_tags(const json& tags, const std::string& path, std::vector<named_fault>& faults) {
  std::string bytes;
  std::set<std::string> seen;
  for (const auto& [tag, value] : tags.items()) {
    if (faults.size() >= faults_max)
      return {};
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

// {"2": "...", "3": {"1": "..."}} as parts of the field at `path`, which has its number in front.
void read_parts(message& m, const json& parts, const std::string& path, const std::string& called,
                const dialect& d, std::vector<named_fault>& faults) {
  for (const auto& [name, value] : parts.items()) {
    if (faults.size() >= faults_max)
      return;
    if (value.is_object()) {
      read_parts(m, value, path + "." + name, called + "." + name, d, faults);
      continue;
    }
    const auto text = value.is_string() ? latin1_of_utf8(value.get_ref<const std::string&>()) : std::nullopt;
    if (!text)
      faults.push_back({fault_code::wrong_type, called + "." + name});
    else if (const auto broken = set_at(m, path + "." + name, *text, d))
      faults.push_back({broken->what.code, called + "." + name});
  }
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
  if (value.is_object() && spec->parts && !text) {
    if (m.has(spec->number))
      faults.push_back({fault_code::twice, key});
    else
      read_parts(m, value, std::to_string(spec->number), key, d, faults);
    return;
  }
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

// The parts of a value, each masked as its own privacy says; nothing where it is not as the dialect has it,
// or a part comes twice.
std::optional<ordered_json> parts_of(std::string_view bytes, const composite& c) {
  const auto parts = split(bytes, c);
  if (!parts)
    return {};
  auto object = ordered_json::object();
  for (const auto& e : *parts) {
    if (e.name.empty())
      continue;
    if (object.contains(e.name))
      return {};
    const bool has_parts = e.spec && e.spec->parts && e.spec->shown != privacy::secret;
    const auto inner = has_parts ? parts_of(e.value, *e.spec->parts) : std::nullopt;
    object[e.name] = inner ? *inner : ordered_json(utf8_of_latin1(part_shown(e, c)));
  }
  return object;
}

std::optional<ordered_json> parts_of_field(const message& m, const field_spec& spec) {
  if (!spec.parts || (spec.shown != privacy::open && spec.shown != privacy::free) ||
      value_fault(m[spec.number], spec))
    return {};
  return parts_of(content_of(m, spec), *spec.parts);
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
    if (faults.size() >= faults_max)
      break;
    read_field(m, key, value, d, faults);
  }
  if (faults.empty() && !is_mti(m.mti()))
    faults.push_back({fault_code::missing, name_of(*d.find(fields::mti))});
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
    const auto tags = spec->shown == privacy::emv ? tags_of(value) : parts_of_field(m, *spec);
    if (tags)
      object[name_of(*spec)] = *tags;
    else
      object[name_of(*spec)] = utf8_of_latin1(shown(value, *spec));
  }
  return object;
}

}  // namespace codec
