#include "codec/exchange/matching.hpp"

#include <algorithm>

namespace codec {

namespace {

// Some count a number's blanks on its left, others on its right.
std::string_view bare(std::string_view value) {
  value.remove_prefix(std::min(value.find_first_not_of("0 "), value.size()));
  return value.substr(0, value.find_last_not_of(' ') + 1);
}

}  // namespace

std::string pairing_key(const message& m, const std::vector<int>& key_fields) {
  const auto mti = m.mti();
  // 0200 and 0210 share version, class and half of the function digit.
  std::string key{mti[0], mti[1], static_cast<char>('0' + (mti[2] - '0') / 2)};
  for (const int number : key_fields) {
    key += '/';
    key += bare(m[number]);
  }
  return key;
}

std::string terminal_of(const message& m) { return std::string(bare(m[41])); }

bool echoes(const message& response, const message& request, const dialect& d) {
  const bool amount_is_free = d.free_amount_codes.contains(without_leading_zeros(response[39])) ||
                              std::ranges::any_of(d.free_amount_processing, [&](const std::string& p) {
                                return request[3].starts_with(p);
                              });
  return std::ranges::all_of(d.echoed, [&](int number) {
    return (number == 4 && amount_is_free) || !response.has(number) || !request.has(number) ||
           bare(response[number]) == bare(request[number]);
  });
}

}  // namespace codec
