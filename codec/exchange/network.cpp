#include "codec/exchange/network.hpp"

namespace codec {

network_kind kind_of(const message& request, const dialect& d) {
  const auto& rules = d.network;
  if (!rules.is_given() || !request.has(rules.field))
    return network_kind::echo;
  const auto code = without_leading_zeros(request[rules.field]);
  for (std::size_t i = 0; i < network_kind_count; ++i)
    if (rules.values[i].contains(code))
      return static_cast<network_kind>(i);
  return network_kind::unknown;
}

const std::string& declines_with(const dialect& d) {
  return d.network.decline_with.empty() ? d.answers.not_permitted : d.network.decline_with;
}

}  // namespace codec
