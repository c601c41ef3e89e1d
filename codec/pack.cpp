#include "codec/pack.hpp"

#include "codec/bitmap.hpp"
#include "codec/dialect/field_length.hpp"
#include "codec/mti.hpp"
#include "codec/text/hex.hpp"

namespace codec {

namespace {

std::string big_endian(std::string_view decimal, std::size_t size) {
  unsigned long long number = 0;
  for (const char c : decimal)
    number = number * 10 + static_cast<unsigned>(c - '0');
  std::string bytes(size, '\0');
  for (auto at = bytes.rbegin(); at != bytes.rend(); ++at, number >>= 8)
    *at = static_cast<char>(number & 255);
  return bytes;
}

void append_field(std::string& out, std::string_view value, const field_spec& spec) {
  switch (spec.type->content) {
    case content_form::number: out += big_endian(value, spec.length_max); return;
    case content_form::bytes: {
      const auto bytes = *from_hex(spec.is_fixed() ? canonical(value, spec) : std::string(value));
      out += length_prefix(bytes.size(), spec);
      out += bytes;
      return;
    }
    case content_form::digits:
    case content_form::text:
      out += length_prefix(value.size(), spec);
      if (spec.is_fixed() && value.size() < spec.length_max)
        out.append(spec.length_max - value.size(), static_cast<char>(spec.type->pad));
      out += value;
  }
}

}  // namespace

void set_known(message& m, int number, std::string_view value, const dialect& d) {
  const auto* spec = d.find(number);
  if (spec && !value_fault(value, *spec))
    m.set(number, canonical(value, *spec));
  else
    m.erase(number);
}

result<std::string> pack(const message& m, const dialect& d) {
  if (!is_mti(m.mti()))
    return fault{fault_code::bad_mti, 0};
  std::string out;
  out.reserve(512);
  for (const auto& [number, value] : m) {
    const auto* spec = d.find(number);
    if (!spec)
      return fault{fault_code::unknown_field, number};
    if (const auto broken = value_fault(value, *spec))
      return fault{*broken, number};
    append_field(out, value, *spec);
    if (number == 0)
      out += write_bitmap(m, d.bitmap);
  }
  return out;
}

}  // namespace codec
