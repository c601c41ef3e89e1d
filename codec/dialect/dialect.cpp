#include "codec/dialect/dialect.hpp"

#include <algorithm>
#include <charconv>

#include "codec/fields.hpp"
#include "codec/mti.hpp"

namespace codec {

std::size_t dialect::size_max() const {
  std::size_t total = bitmap.form == bitmap_form::binary ? 24 : 48;
  for (const auto& spec : fields)
    if (spec)
      total += spec->prefix_size() + spec->content_size_max();
  return total;
}

void dialect::update_layout() {
  // FNV-1a over what decides where a field lies and what its bytes mean.
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto add = [&hash](std::uint64_t number) { hash = (hash ^ number) * 0x100000001b3; };
  const auto add_text = [&add](std::string_view text) {
    for (const char c : text)
      add(static_cast<unsigned char>(c));
  };
  add(static_cast<std::uint64_t>(bitmap.form) << 8 | static_cast<std::uint64_t>(bitmap.third) << 1 |
      (bitmap.always_two ? 1 : 0));
  for (const auto& spec : fields)
    if (spec) {
      add(static_cast<std::uint64_t>(spec->number));
      add_text(spec->form.coded->name);
      add(static_cast<std::uint64_t>(spec->form.what));
      add(static_cast<unsigned char>(spec->form.filler));
      add(static_cast<std::uint64_t>(spec->form.filled));
      add(spec->form.trim ? 1 : 0);
      add_text(spec->is_fixed() ? "fixed" : spec->length.coded->name);
      add(spec->length.size);
      add(static_cast<std::uint64_t>(spec->length.counts));
      add(spec->length_max);
    }
  layout = hash;
}

const field_spec* dialect::find(std::string_view called) const {
  int number = 0;
  const auto [end, error] = std::from_chars(called.data(), called.data() + called.size(), number);
  if (error == std::errc() && end == called.data() + called.size())
    return find(number);
  for (const auto& spec : fields)
    if (spec && !called.empty() && (spec->alias == called || spec->name == called))
      return &*spec;
  return nullptr;
}

std::string exchange_rules::response_mti(std::string_view request) const {
  const auto found = response_mtis.find(request);
  return found == response_mtis.end() ? codec::response_mti(request) : found->second;
}

bool dialect::approves(const message& response) const {
  return response.has(codec::fields::response_code) &&
         approvals.contains(without_leading_zeros(response[codec::fields::response_code]));
}

std::string_view dialect::meaning_of(std::string_view code) const {
  const auto it = response_codes.find(without_leading_zeros(code));
  return it == response_codes.end() ? std::string_view() : std::string_view(it->second);
}

std::string_view without_leading_zeros(std::string_view digits) {
  const auto first = digits.find_first_not_of('0');
  if (first == std::string_view::npos)
    return digits.empty() ? digits : digits.substr(digits.size() - 1);
  return digits.substr(first);
}

std::uint64_t number_of(std::string_view digits) {
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace codec
