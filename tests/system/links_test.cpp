// The released program with several links to its bank.

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <thread>

#include "codec/exchange/matching.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "tests/store/directory.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/program.hpp"

using Catch::Contains;
using support::free_port;
using support::port_option;
using support::program;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

namespace {

struct two_banks {
  two_banks() {
    std::ofstream(config) << "{\"listenPort\": " << clients << R"(, "upstreams": [
      {"name": "main", "upstreamHost": "127.0.0.1", "upstreamPort": )"
                          << main_port << R"(},
      {"name": "backup", "upstreamHost": "127.0.0.1", "upstreamPort": )"
                          << backup_port << R"(, "hostConfig": "iso87-bcd", "headerFormat": "bin2"}]})";
  }

  std::unique_ptr<program> main_bank() const {
    auto bank = std::make_unique<program>(std::vector{port_option("echoServerPort", main_port)});
    REQUIRE(bank->says("Echo server listens"));
    return bank;
  }

  std::unique_ptr<program> backup_bank() const {
    auto bank = std::make_unique<program>(std::vector<std::string>{
      port_option("echoServerPort", backup_port), "--hostConfig=iso87-bcd", "--headerFormat=bin2"});
    REQUIRE(bank->says("Echo server listens"));
    return bank;
  }

  // A purchase of its own terminal, one after the other. False where the gateway has closed the connection.
  bool buy() {
    auto stan = std::to_string(++stans);
    stan.insert(0, 6 - stan.size(), '0');
    auto m = support::purchase_now("00000777", stan, "000000000001");
    const auto answer = support::ask_port(clients, codec::pack(m, support::smart_vista()).value());
    if (answer.empty())
      return false;
    const auto read = codec::unpack(answer, support::smart_vista());
    REQUIRE(read.ok());
    CHECK(read->mti() == "0210");
    CHECK((*read)[11] == stan);
    CHECK((*read)[41] == "00000777");
    CHECK((*read)[12] == m[12]);
    CHECK(support::smart_vista().approves(*read));
    return true;
  }

  test::directory directory;
  std::string config = directory.path() + "/gateway.json";
  std::uint16_t main_port = free_port(), backup_port = free_port(), clients = free_port();
  unsigned stans = 0;
};

}  // namespace

TEST_CASE(
  "with the primary killed under load its clients are served by the backup of another dialect, and by it "
  "again when it is back") {
  two_banks h;
  auto main = h.main_bank();
  const auto backup = h.backup_bank();
  program gateway({"-c", h.config, "--journal=" + h.directory.path() + "/journal", "--v"});
  REQUIRE(gateway.says("(ISO-host main)"));
  REQUIRE(gateway.says("(ISO-host backup)"));
  program load({"--testTargetHost=127.0.0.1", port_option("testTargetPort", h.clients), "--testClients=4",
                "--testPurchases"});
  REQUIRE(h.buy());
  main.reset();
  const auto killed_at = clock_type::now();
  // The very request that the link falls under may be refused.
  int refused = 0;
  while (!h.buy() && ++refused < 100) {}
  const auto down_for = clock_type::now() - killed_at;
  CHECK(down_for < 5s);
  REQUIRE(gateway.says("Requests go over the link backup"));
  for (int n = 0; n < 20; ++n)
    CHECK(h.buy());
  main = h.main_bank();
  REQUIRE(gateway.says("Requests go over the link main"));
  CHECK(h.buy());
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
  CHECK_THAT(gateway.output(), !Contains(support::test_pan));
}

TEST_CASE("HUP reads the links again: new ones are dialed, others end, and a wrong file changes nothing") {
  two_banks h;
  const auto main = h.main_bank(), backup = h.backup_bank();
  const auto third_port = free_port();
  program third({port_option("echoServerPort", third_port)});
  REQUIRE(third.says("Echo server listens"));
  program gateway({"-c", h.config, "--journal=" + h.directory.path() + "/journal", "--v"});
  REQUIRE(gateway.says("(ISO-host main)"));
  REQUIRE(gateway.says("(ISO-host backup)"));
  REQUIRE(h.buy());

  std::ofstream(h.config) << "{\"listenPort\": 1, \"upstreams\": []}";
  gateway.signal(SIGHUP);
  REQUIRE(gateway.says("The configuration stays as it is"));
  CHECK(h.buy());

  std::ofstream(h.config) << "{\"listenPort\": " << h.clients << R"(, "clientKeepOpen": true, "upstreams": [
      {"name": "third", "upstreamHost": "127.0.0.1", "upstreamPort": )"
                          << third_port << R"(},
      {"name": "backup", "upstreamHost": "127.0.0.1", "upstreamPort": )"
                          << h.backup_port << R"(, "hostConfig": "iso87-bcd", "headerFormat": "bin2"}]})";
  gateway.signal(SIGHUP);
  REQUIRE(gateway.says("clientKeepOpen is true now, which needs a restart"));
  REQUIRE(gateway.says("(ISO-host third)"));
  REQUIRE(gateway.says("The link main has ended"));
  CHECK(h.buy());
  REQUIRE(gateway.says("Requests go over the link third"));
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
}

TEST_CASE("a start whose configuration has lost the group of open transactions is refused") {
  two_banks h;
  const auto group = [&](const std::string& name) {
    std::ofstream(h.config) << "{\"listenPort\": " << h.clients << R"(, "upstreams": [
      {"name": "main", "upstreamHost": "127.0.0.1", "upstreamPort": )"
                            << h.main_port << R"(}], "groups": [{"name": ")" << name
                            << R"(", "links": ["main"]}]})";
  };
  const std::string journal = "--journal=" + h.directory.path() + "/journal";
  group("visa");
  {
    const auto main = h.main_bank();
    program gateway({"-c", h.config, journal, "--v"});
    REQUIRE(gateway.says("(ISO-host main)"));
    REQUIRE(h.buy());
    gateway.signal(SIGTERM);
    CHECK(gateway.wait() == 0);
  }
  group("other");
  program gateway({"-c", h.config, journal, "--v"});
  CHECK(gateway.wait() == 2);
  CHECK_THAT(gateway.output(), Contains("is for the host 'visa'") && Contains("formerly"));
}
