#include "config/duration.hpp"

#include <charconv>

namespace config {

using std::chrono::seconds;

std::optional<seconds> read_duration(std::string_view text) {
  constexpr std::int64_t longest = 366LL * 24 * 3600;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc() || number < 0 || number > longest)
    return {};
  if (unit.empty() && number == 0)
    return seconds(0);
  for (const auto& [name, size] :
       {std::pair("s", 1), std::pair("min", 60), std::pair("h", 3600), std::pair("d", 24 * 3600)})
    if (unit == name)
      return number * size > longest ? std::optional<seconds>() : seconds(number * size);
  return {};
}

std::string in_words(seconds time) {
  const auto count = time.count();
  if (count != 0 && count % 3600 == 0)
    return std::to_string(count / 3600) + " h";
  if (count != 0 && count % 60 == 0)
    return std::to_string(count / 60) + " min";
  return std::to_string(count) + " s";
}

}  // namespace config
