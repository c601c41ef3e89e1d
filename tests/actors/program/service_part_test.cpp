// When a service manager hears that the gateway serves, and that its loop still runs.

#include "actors/program/service_part.hpp"

#include <catch2/catch.hpp>

#include "net/local/service_manager.hpp"
#include "scenarios/player/virtual_time.hpp"
#include "tests/support/notify_socket.hpp"

using namespace std::chrono_literals;
using Catch::Contains;

namespace {

struct managed : player::virtual_time {
  // `at`: where the manager is looked for.
  explicit managed(std::chrono::milliseconds period, const std::string& at = "")
    : manager(std::make_shared<net::service_manager>(at.empty() ? socket.address() : at)),
      part(actors::service_part(manager, period)),
      started(part.start(system, peers)) {
    own(started.actor);
    run_until_idle();
  }
  void admit_clients() {
    caf::anon_send(started.reader, peers);
    run_until_idle();
  }
  int heard(const std::string& what) const {
    int count = 0;
    for (auto text = socket.heard(); !text.empty(); text = socket.heard())
      count += text.find(what) != std::string::npos ? 1 : 0;
    return count;
  }

  support::notify_socket socket;
  actors::service_manager_ptr manager;
  actors::part part;
  actors::directory peers;
  actors::running_part started;
};

}  // namespace

TEST_CASE("the service manager hears once that the gateway serves, and not before clients are admitted") {
  managed h(0s);
  CHECK(h.part.serves_clients);
  h.pass(1min);
  CHECK(h.heard("") == 0);
  h.admit_clients();
  CHECK(h.heard("READY=1") == 1);
  // A part was restarted.
  h.admit_clients();
  CHECK(h.heard("READY=1") == 0);
}

TEST_CASE("the watchdog hears from the loop in each period, and nothing while it stands still") {
  managed h(10s);
  CHECK(h.heard("WATCHDOG=1") == 1);
  h.advance_to(h.now() + 60s);
  CHECK(h.heard("WATCHDOG=1") == 0);
  h.run_until_idle();
  CHECK(h.heard("WATCHDOG=1") == 1);
  h.pass(60s);
  CHECK(h.heard("WATCHDOG=1") == 6);
}

TEST_CASE("a service manager that could not be told is told a second later") {
  const support::notify_socket later;
  const auto moved = later.address() + "-moved";
  REQUIRE(std::rename(later.address().c_str(), moved.c_str()) == 0);
  managed h(0s, later.address());
  h.admit_clients();
  h.pass(3s);
  CHECK(later.heard().empty());
  REQUIRE(std::rename(moved.c_str(), later.address().c_str()) == 0);
  h.pass(1s);
  CHECK_THAT(later.heard(), Contains("READY=1"));
}
