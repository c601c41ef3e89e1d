#include "config/option_values.hpp"

#include <charconv>
#include <cmath>

#include "config/duration.hpp"

namespace config {

namespace {

template <class Integer>
bool read_integer(std::string_view text, Integer& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

std::string assign_to(bool& value, std::string_view text) {
  if (text != "true" && text != "false" && text != "1" && text != "0")
    return "must be true or false";
  value = text == "true" || text == "1";
  return {};
}

std::string assign_to(std::uint16_t& value, std::string_view text) {
  return read_integer(text, value) && value != 0 ? "" : "must be a port, 1 to 65535";
}

std::string assign_to(std::size_t& value, std::string_view text) {
  return read_integer(text, value) && value <= 1'000'000 ? "" : "must be a whole number, 0 to 1000000";
}

std::string assign_to(milliseconds& value, std::string_view text) {
  double given = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), given);
  if (error != std::errc() || end != text.data() + text.size() ||
      (given != 0 && !(given >= 0.001 && given <= 86400)))
    return "must be seconds, 0.001 to 86400, or 0";
  value = milliseconds(std::llround(given * 1000));
  return {};
}

std::string assign_to(std::chrono::seconds& value, std::string_view text) {
  const auto time = read_duration(text);
  if (!time)
    return "must be a time with its unit, as 90s, 15min, 24h or 2d, or 0";
  value = *time;
  return {};
}

std::string assign_to(std::string& value, std::string_view text) {
  if (text.empty())
    return "must not be empty";
  value = text;
  return {};
}

std::string assign_to(std::vector<int>& value, std::string_view text) {
  std::vector<int> numbers;
  for (bool more = true; more;) {
    const auto end = text.find(',');
    more = end != std::string_view::npos;
    int number = 0;
    if (!read_integer(text.substr(0, end), number) || number < 2 || number > 192)
      return "must be field numbers, 2 to 192, separated by commas";
    numbers.push_back(number);
    text.remove_prefix(more ? end + 1 : text.size());
  }
  value = std::move(numbers);
  return {};
}

}  // namespace config
