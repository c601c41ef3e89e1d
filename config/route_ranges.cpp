#include "config/route_ranges.hpp"

#include <algorithm>

namespace config {

namespace {

constexpr std::size_t pan_max = 19;

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// A number without its filling; zeros alone are one zero less than nothing.
std::string_view bare(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of("0 "), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

// As numbers are ordered, and texts of one length.
bool is_less(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

std::pair<std::string, std::string> ends_of(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = text.substr(0, dash);
  return {std::string(first), std::string(dash == std::string_view::npos ? first : text.substr(dash + 1))};
}

std::string filled(std::string digits, char with) {
  digits.resize(std::max(digits.size(), pan_max), with);
  return digits;
}

bool covers_cards(const number_range& a, const number_range& b) {
  if (a.is_all())
    return true;
  return !b.is_all() && filled(a.first, '0') <= filled(b.first, '0') &&
         filled(b.last, '9') <= filled(a.last, '9');
}

bool covers_terminals(const number_range& a, const number_range& b) {
  if (a.is_all())
    return true;
  return !b.is_all() && !is_less(bare(b.first), bare(a.first)) && !is_less(bare(a.last), bare(b.last));
}

}  // namespace

std::string read_cards(std::string_view text, number_range& into) {
  const auto [first, last] = ends_of(text);
  if (!all_digits(first) || !all_digits(last) || first.size() > pan_max || first.size() != last.size())
    return "expected the first digits of card numbers, as 4, or from the first to the last, as many digits "
           "each, as 4000-4999";
  if (last < first)
    return "the last card number of a range must not be below the first";
  into = {first, last};
  return {};
}

std::string read_terminals(std::string_view text, number_range& into) {
  const auto [first, last] = ends_of(text);
  if (first.empty() || last.empty() || last.find('-') != std::string::npos)
    return "expected a terminal, as 00000042, or from the first to the last, as 00000042-00000099";
  if (is_less(bare(last), bare(first)))
    return "the last terminal of a range must not be below the first";
  into = {first, last};
  return {};
}

bool has_card(const number_range& cards, std::string_view pan) {
  if (cards.is_all())
    return true;
  const auto size = cards.first.size();
  return pan.size() >= size && cards.first <= pan.substr(0, size) && pan.substr(0, size) <= cards.last;
}

bool has_terminal(const number_range& terminals, std::string_view terminal) {
  return terminals.is_all() ||
         (!is_less(bare(terminal), bare(terminals.first)) && !is_less(bare(terminals.last), bare(terminal)));
}

bool covers(const route_settings& first, const route_settings& second) {
  return covers_cards(first.cards, second.cards) && covers_terminals(first.terminals, second.terminals);
}

}  // namespace config
