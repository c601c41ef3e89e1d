#include "codec/pack.hpp"

#include <algorithm>

#include "codec/bitmap.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/text/hex.hpp"

namespace codec {

namespace {

// The usual case: digits and text in ASCII, and bytes, that need no filling. False, and nothing done, of
// anything else.
bool append_quickly(std::string& out, std::string_view value, const field_spec& spec) {
  const auto& form = spec.form;
  const bool is_bytes = form.what == content::b && form.coded == &binary_encoding;
  const bool is_text = form.coded->plain && (form.what == content::any || form.what == content::n);
  const auto units = is_bytes ? value.size() / 2 : value.size();
  if ((!is_bytes && !is_text) || (spec.is_fixed() ? units != spec.length_max : units > spec.length_max) ||
      (form.what == content::n && !all_digits(value)))
    return false;
  const auto before = out.size();
  if (!spec.is_fixed())
    spec.length.coded->write(units, spec.length.size, out);
  if (is_text) {
    out += value;
    return true;
  }
  if (append_bytes(value, out))
    return true;
  out.resize(before);
  return false;
}

}  // namespace

void set_known(message& m, int number, std::string_view value, const dialect& d) {
  const auto* spec = d.find(number);
  if (spec && !value_fault(value, *spec))
    m.set(number, canonical(value, *spec));
  else
    m.erase(number);
}

void set_code(message& m, std::string_view code, const dialect& d) {
  const auto* spec = d.find(fields::response_code);
  std::string fitting(code);
  if (spec && spec->is_fixed() && fitting.size() != spec->length_max) {
    fitting = without_leading_zeros(code);
    fitting.insert(0, spec->length_max - std::min(spec->length_max, fitting.size()), '0');
  }
  set_known(m, fields::response_code, fitting, d);
}

result<std::string> pack(const message& m, const dialect& d) {
  const bool same_layout = m.layout() != 0 && m.layout() == d.layout;
  if (const auto bytes = m.received(); same_layout && !bytes.empty())
    return std::string(bytes);
  if (!is_mti(m.mti()))
    return fault{fault_code::bad_mti, 0};
  std::string out;
  out.reserve(512);
  bool is_third_due = d.bitmap.third == third_bitmap::in_field_65;
  for (const auto& p : m.index()) {
    if (is_third_due && p.number > 65) {
      append_third_bitmap(out, m, d.bitmap);
      is_third_due = false;
    }
    const auto* spec = d.find(p.number);
    if (!spec)
      return fault{fault_code::unknown_field, p.number};
    if (same_layout && p.form.coded) {
      append_content(out, m.raw(p), p.units, *spec);
    } else if (const auto value = m.text(p); !append_quickly(out, value, *spec)) {
      if (const auto broken = value_fault(value, *spec))
        return fault{*broken, p.number};
      append_value(out, value, *spec);
    }
    if (p.number == 0)
      append_bitmap(out, m, d.bitmap);
  }
  return out;
}

}  // namespace codec
