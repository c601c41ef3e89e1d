// Amounts as people write them, and as field 4 has them.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace sender {

/// How many digits behind the point a currency has, by its number in ISO 4217: 2 of "643", 0 of "392". Of one
/// that is not known: 2.
int decimals_of(std::string_view currency);

/// "10.00" in the smallest unit of the currency: "1000". Digits without a point are in that unit already. The
/// second alternative says what was expected.
struct units {
  std::string digits;
};
std::variant<units, std::string> in_units(std::string_view amount, std::string_view currency);

}  // namespace sender
