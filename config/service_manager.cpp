// Reads sd_notify(3)'s and sd_watchdog_enabled(3)'s variables.

#include "config/service_manager.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace config {

namespace {

std::string taken(const char* name) {
  const char* found = std::getenv(name);
  std::string value = found ? found : "";
  ::unsetenv(name);
  return value;
}

std::optional<long long> number_in(std::string_view text) {
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0)
    return std::nullopt;
  return number;
}

}  // namespace

service_manager_settings take_service_manager() {
  service_manager_settings s;
  s.socket = taken("NOTIFY_SOCKET");
  const auto of = taken("WATCHDOG_PID");
  const auto time = number_in(taken("WATCHDOG_USEC"));
  if (time && (of.empty() || number_in(of) == ::getpid()))
    s.watchdog = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds(*time));
  return s;
}

}  // namespace config
