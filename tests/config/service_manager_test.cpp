// What a service manager has put into the environment.

#include "config/service_manager.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <cstdlib>
#include <string>

using namespace std::chrono_literals;

namespace {

config::service_manager_settings taken(const char* watchdog, const std::string& of) {
  ::setenv("NOTIFY_SOCKET", "/run/notify", 1);
  ::setenv("WATCHDOG_USEC", watchdog, 1);
  of.empty() ? ::unsetenv("WATCHDOG_PID") : ::setenv("WATCHDOG_PID", of.c_str(), 1);
  return config::take_service_manager();
}

}  // namespace

TEST_CASE("the service manager's variables are read, and taken out of the environment of what is started") {
  const auto s = taken("30000000", std::to_string(::getpid()));
  CHECK(s.socket == "/run/notify");
  CHECK(s.watchdog == 30s);
  for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
    CHECK(std::getenv(name) == nullptr);
  CHECK(config::take_service_manager().socket.empty());
}

TEST_CASE("a watchdog of another process, or one that is no number, is none of ours") {
  CHECK(taken("30000000", "").watchdog == 30s);
  CHECK(taken("30000000", "1").watchdog == 0s);
  for (const auto* text : {"", "0", "-1", "30s", "99999999999999999999"})
    CHECK(taken(text, "").watchdog == 0s);
}
