#include "sender/amount.hpp"

#include <algorithm>

namespace sender {

namespace {

struct decimals {
  std::string_view currency;
  int count;
};

// ISO 4217, those that do not have two.
constexpr decimals unusual[]{
  {"048", 3}, {"108", 0}, {"152", 0}, {"174", 0}, {"262", 0}, {"324", 0}, {"352", 0}, {"368", 3}, {"392", 0},
  {"400", 3}, {"410", 0}, {"414", 3}, {"434", 3}, {"512", 3}, {"548", 0}, {"600", 0}, {"646", 0}, {"704", 0},
  {"788", 3}, {"800", 0}, {"927", 4}, {"940", 0}, {"950", 0}, {"952", 0}, {"953", 0}, {"990", 4},
};

bool are_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

int decimals_of(std::string_view currency) {
  const auto it = std::ranges::find(unusual, currency, &decimals::currency);
  return it == std::end(unusual) ? 2 : it->count;
}

std::variant<units, std::string> in_units(std::string_view amount, std::string_view currency) {
  const auto point = amount.find('.');
  const auto whole = amount.substr(0, point);
  const auto parts = point == std::string_view::npos ? std::string_view() : amount.substr(point + 1);
  const auto count = static_cast<std::size_t>(decimals_of(currency));
  if (whole.empty() || !are_digits(whole) || !are_digits(parts) ||
      (point != std::string_view::npos && (parts.empty() || parts.size() > count)))
    return "expected an amount of currency " + std::string(currency) + ", as " +
           (count == 0 ? "10" : "10." + std::string(count, '0')) +
           ", or digits alone in its smallest unit; --help tells more";
  if (point == std::string_view::npos)
    return units{std::string(whole)};
  auto digits = std::string(whole) + std::string(parts) + std::string(count - parts.size(), '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return units{digits};
}

}  // namespace sender
