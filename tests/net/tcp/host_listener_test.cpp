// Hosts that call the gateway.

#include <catch2/catch.hpp>

#include <boost/asio.hpp>

#include "net/loop.hpp"
#include "net/tcp/connector.hpp"
#include "net/tcp/host_listener.hpp"
#include "net/tcp/listener.hpp"
#include "net/tcp/networks.hpp"
#include "tests/net/watched.hpp"

namespace {

struct exchange {
  net::loop loop;
  std::uint16_t port;
  std::vector<std::string> troubles;
  std::unique_ptr<net::dialer> waiting;
  watched host;
  std::vector<std::string> rivals;

  explicit exchange(const char* allowed) : port(free_port()) {
    net::host_listen_options options;
    options.allowed = std::make_shared<net::networks>(std::get<net::networks>(net::networks::parse(allowed)));
    options.trouble = [this](const std::string& why) { troubles.push_back(why); };
    waiting = std::get<std::unique_ptr<net::dialer>>(net::listen_for_host(loop, port, options));
    wait_for_host();
  }

  void wait_for_host() {
    host = {};
    auto events = host.events();
    events.rival = [this](std::string peer) { rivals.push_back(std::move(peer)); };
    waiting->dial(events);
  }

  std::unique_ptr<net::dialer> call(watched& from) {
    auto d = net::make_connector(loop, "127.0.0.1", port, {});
    d->dial(from.events());
    CHECK(run_until(loop, [&from] { return from.link || from.down; }));
    return d;
  }

private:
  std::uint16_t free_port() {
    auto probe = std::get<std::unique_ptr<net::listener>>(net::listen(loop, 0, {}));
    return probe->port();
  }
};

}  // namespace

TEST_CASE("who may not be the host is hung up on, told about and counted, and the host is served") {
  exchange e("192.0.2.0/24");
  for (int i = 0; i < 2; ++i) {
    watched stranger;
    const auto d = e.call(stranger);
    CHECK(run_until(e.loop, [&stranger] { return stranger.finished || stranger.down.has_value(); }));
  }
  CHECK_FALSE(e.host.link);
  REQUIRE(e.troubles.size() == 1);
  CHECK(e.troubles[0] == "127.0.0.1 may not connect, and is hung up on; 1 such calls so far");
}

TEST_CASE("a host that calls again waits until it is dialed for, and the first link goes on") {
  exchange e("127.0.0.1");
  CHECK(e.waiting->waits());
  watched first, second;
  const auto a = e.call(first);
  REQUIRE(run_until(e.loop, [&e] { return e.host.link != nullptr; }));
  const auto b = e.call(second);
  REQUIRE(run_until(e.loop, [&e] { return !e.rivals.empty(); }));
  second.link->send("second");
  first.link->send("first");
  REQUIRE(run_until(e.loop, [&e] { return !e.host.frames.empty(); }));
  CHECK(e.host.all() == "first");

  e.wait_for_host();
  REQUIRE(run_until(e.loop, [&e] { return !e.host.frames.empty(); }));
  CHECK(e.host.all() == "second");
}

TEST_CASE("a host that calls again can be refused, and of several that call again the newest waits") {
  exchange e("127.0.0.1");
  watched first, second, third;
  const auto a = e.call(first);
  REQUIRE(run_until(e.loop, [&e] { return e.host.link != nullptr; }));
  const auto b = e.call(second);
  REQUIRE(run_until(e.loop, [&e] { return e.rivals.size() == 1; }));
  const auto c = e.call(third);
  CHECK(run_until(e.loop, [&second] { return second.finished || second.down.has_value(); }));
  CHECK_FALSE(third.finished);
  e.waiting->refuse_rival();
  CHECK(run_until(e.loop, [&third] { return third.finished || third.down.has_value(); }));
  CHECK_FALSE(first.finished);
}
