#include "codec/dialect/dialect.hpp"

#include <algorithm>
#include <charconv>

namespace codec {

std::size_t dialect::size_max() const {
  std::size_t total = bitmap == bitmap_form::hex ? 48 : 24;
  for (const auto& spec : fields)
    if (spec)
      total += spec->prefix_size() + spec->length_max;
  return total;
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

bool dialect::approves(const message& response) const {
  return response.has(39) && approvals.contains(without_leading_zeros(response[39]));
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

}  // namespace codec
