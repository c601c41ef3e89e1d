#include "codec/dialect.hpp"

#include <algorithm>

namespace codec {

std::size_t dialect::size_max() const {
  std::size_t total = bitmap == bitmap_form::hex ? 48 : 24;
  for (const auto& spec : fields)
    if (spec)
      total += spec->prefix_size() + spec->length_max;
  return total;
}

bool dialect::approves(const message& response) const {
  return response.has(39) && approvals.contains(without_leading_zeros(response[39]));
}

std::string_view without_leading_zeros(std::string_view digits) {
  const auto first = digits.find_first_not_of('0');
  if (first == std::string_view::npos)
    return digits.empty() ? digits : digits.substr(digits.size() - 1);
  return digits.substr(first);
}

} // namespace codec
