#include "codec/text/named_json.hpp"

#include <algorithm>
#include <set>

#include "codec/composite/lookup.hpp"
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
constexpr std::size_t named_faults_max = 20;

// {"9F26": "...", "9F10": "..."} as the hexadecimal value of field 55.
std::string read_tags(const json& tags, const std::string& path, std::vector<named_fault>& faults) {
  std::string bytes;
  std::set<std::string> seen;
  for (const auto& [tag, value] : tags.items()) {
    if (faults.size() >= named_faults_max)
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

class reader {
public:
  explicit reader(const dialect& d) : d_(d) {}

  // Whole fields first: a path may name a part of a field that another key gives.
  void read(const json& object) {
    for (const bool whole : {true, false})
      for (const auto& [key, value] : object.items()) {
        if (faults.size() >= named_faults_max)
          return;
        const auto* spec = d_.find(std::string_view(key));
        const bool is_path = !spec && key.find('.') != std::string::npos;
        if (is_path == whole)
          continue;
        if (is_path)
          read_part(key, value);
        else
          read_field(key, value, spec);
      }
  }

  message m;
  std::vector<named_fault> faults;

private:
  void fail(fault_code code, const std::string& called) { faults.push_back({code, called}); }

  void read_field(const std::string& key, const json& value, const field_spec* spec) {
    if (!spec)
      return fail(fault_code::unknown_field, key);
    if (value.is_object() && spec->parts && spec->shown != privacy::emv) {
      if (!given_.insert(std::to_string(spec->number)).second)
        return fail(fault_code::twice, key);
      return value.empty() ? fail(fault_code::empty, key) : read_parts(key, value);
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
      fail(fault_code::wrong_type, key);
    else if (is_blank(*text))
      fail(fault_code::empty, key);
    else if (!given_.insert(std::to_string(spec->number)).second)
      fail(fault_code::twice, key);
    else if (const auto broken = value_fault(*text, *spec))
      fail(*broken, key);
    else
      m.set(spec->number, canonical(*text, *spec));
  }

  // {"2": "...", "3": {"1": "..."}} as parts of what is `called` so.
  void read_parts(const std::string& called, const json& parts) {
    for (const auto& [name, value] : parts.items())
      if (faults.size() < named_faults_max)
        read_part(called + "." + name, value);
  }

  void read_part(const std::string& called, const json& value) {
    const auto place = find_place(called, d_);
    if (!place)
      return fail(fault_code::unknown_field, called);
    if (value.is_object() && place->spec.parts)
      return value.empty() ? fail(fault_code::empty, called) : read_parts(called, value);
    const auto text = value.is_string() ? latin1_of_utf8(value.get_ref<const std::string&>()) : std::nullopt;
    if (!text)
      fail(fault_code::wrong_type, called);
    else if (is_blank(*text))
      fail(fault_code::empty, called);
    else if (!given_.insert(place->path).second)
      fail(fault_code::twice, called);
    else if (const auto broken = set_at(m, place->path, *text, d_))
      fail(broken->what.code, called);
  }

  const dialect& d_;
  std::set<std::string> given_;  // paths
};

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
    const auto& called = e.spec && !e.spec->alias.empty() ? e.spec->alias : e.name;
    if (object.contains(called))
      return {};
    const bool has_parts = e.spec && e.spec->parts && e.spec->shown != privacy::secret;
    const auto inner = has_parts ? parts_of(e.value, *e.spec->parts) : std::nullopt;
    object[called] = inner ? *inner : ordered_json(utf8_of_latin1(part_shown(e, c)));
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

named_message read_named_json(const json& object, const dialect& d) {
  if (!object.is_object())
    return {{}, {named_fault{fault_code::wrong_type, ""}}};
  reader r(d);
  r.read(object);
  if (r.faults.empty() && !is_mti(r.m.mti()))
    r.faults.push_back({fault_code::missing, name_of(*d.find(fields::mti))});
  return {std::move(r.m), std::move(r.faults)};
}

result<message, std::vector<named_fault>> from_named_json(const json& object, const dialect& d) {
  auto read = read_named_json(object, d);
  if (!read.faults.empty())
    return std::move(read.faults);
  return std::move(read.value);
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
