// The statistics of the released program, from one process to the next.

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <boost/asio.hpp>
#include <nlohmann/json.hpp>

#include <csignal>

#include "codec/pack.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/journaled.hpp"

using Catch::Contains;
using nlohmann::json;
using support::ask_port;
using support::journaled;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

struct counting_gateway : journaled {
  counting_gateway() {
    more = {"--statDumpFile=" + file, "--statServerPort=" + std::to_string(stat_port)};
    start();
  }
  json counted() const { return json::parse(ask_port(stat_port, "")); }
  // A purchase that the host approves.
  void buy(const std::string& stan) {
    asio::io_context io;
    tcp::socket client(io);
    client.connect({asio::ip::address_v4::loopback(), port});
    const auto request = support::purchase_now("00000042", stan);
    asio::write(client, asio::buffer(*codec::pack(request, support::smart_vista())));
    host.answer(host.read());
    std::string answer;
    boost::system::error_code end;
    asio::read(client, asio::dynamic_buffer(answer), end);
    REQUIRE_FALSE(answer.empty());
  }
  std::uint16_t stat_port = support::free_port();
  std::string file = directory / "statistics";
};

}  // namespace

TEST_CASE_METHOD(
  counting_gateway,
  "with statDumpFile a process counts on where the one before it was ended, and HUP sets both the "
  "statistics and the file to zero") {
  buy("000001");
  gateway->signal(SIGTERM);
  REQUIRE(gateway->wait() == 0);
  const auto saved = json::parse(test::read(file));
  CHECK(saved.at("securedAmount") == 10);
  start();
  CHECK(counted() == saved);
  buy("000002");
  CHECK(counted().at("securedAmount") == 20);
  CHECK(counted().at("packetCount").at("0210") == 2);
  gateway->signal(SIGHUP);
  REQUIRE(gateway->says("the statistics begin at zero"));
  gateway->signal(SIGTERM);
  REQUIRE(gateway->wait() == 0);
  CHECK(json::parse(test::read(file)).at("securedAmount") == 0);
  start();
  CHECK(counted().at("securedAmount") == 0);
}

TEST_CASE("a statDumpFile that has something else is left as it is, and the process does not start") {
  const test::directory home;
  const auto file = home / "shopping";
  test::write(file, "milk, bread\n");
  support::program p({"--echoServerPort=" + std::to_string(support::free_port()), "--statDumpFile=" + file});
  CHECK(p.wait() == 2);
  CHECK_THAT(p.output(), Contains("socketqueue: statDumpFile '" + file + "' does not have statistics"));
  CHECK(test::read(file) == "milk, bread\n");
}

TEST_CASE("an empty statDumpFile, or none, begins at zero") {
  const test::directory home;
  const auto file = home / "statistics";
  if (GENERATE(false, true))
    test::write(file, "");
  support::program p({"--echoServerPort=" + std::to_string(support::free_port()), "--statDumpFile=" + file});
  REQUIRE(p.says("Echo server listens"));
  p.signal(SIGTERM);
  CHECK(p.wait() == 0);
  CHECK(json::parse(test::read(file)).at("packetCount").at("total") == 0);
}
