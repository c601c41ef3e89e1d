// What a service manager is told, on a socket of the test's own.

#include "net/local/service_manager.hpp"

#include <catch2/catch.hpp>

#include "tests/support/notify_socket.hpp"

using Catch::Contains;
using support::notify_socket;

TEST_CASE("a service manager is told that the process serves, is alive, and ends") {
  const notify_socket socket;
  net::service_manager manager(socket.address());
  CHECK(manager.asks());
  CHECK(manager.ready());
  CHECK_THAT(socket.heard(), Contains("READY=1"));
  manager.alive();
  CHECK(socket.heard() == "WATCHDOG=1");
  manager.stopping();
  CHECK_THAT(socket.heard(), Contains("STOPPING=1"));
}

TEST_CASE("a process that reads its configuration again says so, with the time, and serves again") {
  const notify_socket socket;
  net::service_manager manager(socket.address());
  REQUIRE(manager.ready());
  socket.heard();
  manager.reloading();
  CHECK_THAT(socket.heard(), Catch::Matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
  manager.reloaded();
  CHECK(socket.heard() == "READY=1");
}

TEST_CASE("HUP before the process serves, or while it ends, does not say that it serves") {
  const notify_socket socket;
  net::service_manager manager(socket.address());
  manager.reloading();
  manager.reloaded();
  CHECK(socket.heard().empty());
  REQUIRE(manager.ready());
  manager.stopping();
  socket.heard();
  socket.heard();
  manager.reloading();
  manager.reloaded();
  CHECK(socket.heard().empty());
}

TEST_CASE("a service manager may listen at a name that has no file") {
  const notify_socket socket("@socketqueue-test-" + std::to_string(::getpid()));
  CHECK(net::service_manager(socket.address()).ready());
  CHECK_THAT(socket.heard(), Contains("READY=1"));
}

TEST_CASE("a service manager that cannot be told is told again later, and without one nothing is told") {
  CHECK_FALSE(net::service_manager("/nonexistent/notify").ready());
  CHECK_FALSE(net::service_manager("/" + std::string(200, 'x')).ready());
  net::service_manager none("");
  CHECK_FALSE(none.asks());
  CHECK(none.ready());
}
