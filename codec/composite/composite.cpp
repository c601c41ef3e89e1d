#include "codec/composite/composite.hpp"

#include <algorithm>

#include "codec/composite/path.hpp"
#include "codec/dialect/dialect.hpp"
#include "codec/text/hex.hpp"

namespace codec {

namespace {

const composite ber_of_any_tags{composite_kind::ber};

// What an element is made of; nullptr: nothing.
const composite* parts_of(const element& e) {
  if (e.spec && e.spec->parts)
    return e.spec->parts.get();
  return e.constructed ? &ber_of_any_tags : nullptr;
}

std::optional<std::string> value_in(std::string_view bytes, const composite& c, std::string_view path) {
  const auto all = split(bytes, c);
  if (!all)
    return {};
  const auto [name, rest] = first_step(path);
  const auto it = std::ranges::find_if(*all, [n = name](const element& e) { return same_name(e.name, n); });
  if (it == all->end())
    return {};
  if (rest.empty())
    return text_of(*it, c);
  const auto* inner = parts_of(*it);
  return inner ? value_in(it->value, *inner, rest) : std::nullopt;
}

void add_faults(std::string_view bytes, const composite& c, const std::string& path, std::size_t offset,
                int depth, std::vector<part_fault>& faults) {
  constexpr int depth_max = 16;
  const auto all = split(bytes, c);
  if (!all) {
    auto f = all.error();
    f.what.offset += offset;
    f.path = f.path.empty() ? path : path + "." + f.path;
    faults.push_back(std::move(f));
    return;
  }
  for (const auto& e : *all)
    if (const auto* inner = parts_of(e); inner && depth < depth_max)
      add_faults(e.value, *inner, path + "." + e.name,
                 offset + static_cast<std::size_t>(e.value.data() - bytes.data()), depth + 1, faults);
}

// Whose bytes are written as two characters each: its parts lie in the bytes.
bool is_hex_text(const field_spec& spec) {
  return spec.form.coded == &hex_encoding || spec.form.coded == &ebcdic_hex_encoding;
}

// A field's parts as the text of its value.
std::string text_of_whole(std::string bytes, const field_spec& spec) {
  if (is_hex_text(spec)) {
    if (spec.is_fixed() && bytes.size() < spec.length_max)
      bytes.resize(spec.length_max, '\0');
    return to_hex(bytes);
  }
  fill_up(bytes, spec);
  std::string text;
  spec.form.coded->read(bytes, spec.form.coded->units(bytes.size(), spec.form), spec.form, text);
  return text;
}

const field_spec* composite_field(std::string_view name, const dialect& d) {
  const auto* spec = d.find(name);
  return spec && spec->parts ? spec : nullptr;
}

}  // namespace

const field_spec* composite::find(std::string_view name) const {
  const auto it = std::ranges::find_if(parts, [name](const part_spec& p) { return same_name(p.name, name); });
  return it == parts.end() ? nullptr : &it->spec;
}

std::string to_string(const part_fault& f) {
  auto text = "field " + f.path + ": " + std::string(meaning(f.what.code));
  if (f.what.offset != 0)
    text += ", at byte " + std::to_string(f.what.offset) + " of the field";
  return text;
}

std::string text_of(const element& e, const composite& c) {
  std::string text;
  const auto form = e.spec ? e.spec->form : unknown_value(c).form;
  form.coded->read(e.value, e.units, form, text);
  return std::string(trimmed(text, form));
}

std::string content_of(const message& m, const field_spec& spec) {
  if (is_hex_text(spec))
    return from_hex(m[spec.number]).value_or("");
  for (const auto& p : m.index())
    if (p.number == spec.number && p.form.coded)
      return std::string(m.raw(p));
  std::string bytes;
  append_value(bytes, m[spec.number], spec);
  return bytes.substr(std::min(bytes.size(), spec.prefix_size()));
}

std::optional<std::string> value_at(const message& m, std::string_view path, const dialect& d) {
  const auto [name, rest] = first_step(path);
  if (rest.empty()) {
    const auto* spec = d.find(name);
    return spec && m.has(spec->number) ? std::optional(std::string(m[spec->number])) : std::nullopt;
  }
  const auto* spec = composite_field(name, d);
  if (!spec || !m.has(spec->number) || value_fault(m[spec->number], *spec))
    return {};
  return value_in(content_of(m, *spec), *spec->parts, rest);
}

std::optional<part_fault> set_at(message& m, std::string_view path, std::string_view text, const dialect& d) {
  const auto [name, rest] = first_step(path);
  const auto* spec = rest.empty() ? d.find(name) : composite_field(name, d);
  if (!spec)
    return part_fault{{fault_code::unknown_field}, std::string(path)};
  std::string value(text);
  if (!rest.empty()) {
    auto bytes = with_part(m.has(spec->number) ? content_of(m, *spec) : "", *spec->parts, rest, text);
    if (!bytes)
      return part_fault{bytes.error().what, std::to_string(spec->number) + "." + bytes.error().path};
    value = text_of_whole(*std::move(bytes), *spec);
  }
  if (const auto broken = value_fault(value, *spec))
    return part_fault{{*broken, spec->number}, std::string(path)};
  m.set(spec->number, canonical(value, *spec));
  return {};
}

std::vector<part_fault> faults_of_parts(const message& m, const dialect& d) {
  std::vector<part_fault> faults;
  for (const auto& p : m.index())
    if (const auto* spec = d.find(p.number); spec && spec->parts && !value_fault(m.text(p), *spec)) {
      const auto before = faults.size();
      add_faults(content_of(m, *spec), *spec->parts, std::to_string(p.number), 0, 0, faults);
      if (is_hex_text(*spec))
        for (auto i = before; i < faults.size(); ++i)
          faults[i].what.offset *= 2;
    }
  return faults;
}

}  // namespace codec
