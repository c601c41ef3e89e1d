// The released program under a service manager, and under one that speaks its protocol.

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>

#include "tests/support/gateway_with_bank.hpp"
#include "tests/support/notify_socket.hpp"
#include "tests/support/program.hpp"

using namespace std::chrono_literals;
using Catch::Contains;
using support::free_port;
using support::notify_socket;
using support::program;

namespace {

// The next notice with these words; empty where a minute passes.
std::string notice(const notify_socket& manager, const std::string& words) {
  for (auto text = manager.heard(60s); !text.empty(); text = manager.heard(60s))
    if (text.find(words) != std::string::npos)
      return text;
  return "";
}

// The environment of the programs that a test starts.
struct managed {
  explicit managed(const char* watchdog) {
    ::setenv("NOTIFY_SOCKET", manager.address().c_str(), 1);
    ::setenv("WATCHDOG_USEC", watchdog, 1);
  }
  ~managed() {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
  }
  notify_socket manager;
};

}  // namespace

TEST_CASE("a service manager hears that the gateway serves when its ports are open, and when it ends") {
  const managed m("60000000");
  support::gateway_with_bank t;
  program gateway(t.arguments());
  CHECK_THAT(notice(m.manager, "READY=1"), Contains("STATUS="));
  CHECK_THAT(t.purchase(), Contains("\"approved\":true"));
  gateway.signal(SIGHUP);
  CHECK(!notice(m.manager, "RELOADING=1").empty());
  CHECK(!notice(m.manager, "READY=1").empty());
  gateway.signal(SIGTERM);
  CHECK(!notice(m.manager, "STOPPING=1").empty());
  CHECK(gateway.wait() == 0);
}

TEST_CASE("a gateway that cannot start never says that it serves") {
  const managed m("60000000");
  support::gateway_with_bank t;
  program first(t.arguments());
  REQUIRE(!notice(m.manager, "READY=1").empty());
  program second(t.arguments());
  CHECK(second.wait() == 2);
  for (auto text = m.manager.heard(); !text.empty(); text = m.manager.heard())
    CHECK_THAT(text, !Contains("READY=1"));
}

TEST_CASE("the watchdog hears from the gateway again and again") {
  const managed m("200000");
  support::gateway_with_bank t;
  program gateway(t.arguments());
  for (int n = 0; n < 5; ++n)
    CHECK(!notice(m.manager, "WATCHDOG=1").empty());
}
