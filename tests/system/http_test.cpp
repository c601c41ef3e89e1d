// HTTP over real sockets: every row of the status table, and slow clients beside quick ones.

#include <catch2/catch.hpp>

#include <boost/asio.hpp>

#include <csignal>

#include "codec/pack.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/legacy_json.hpp"
#include "codec/unpack.hpp"
#include "tests/lab/browser.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/program.hpp"

using lab::browser;
using lab::http_get;
using lab::http_post;
using support::free_port;
using support::program;
using support::purchase_now;
using tcp = boost::asio::ip::tcp;

namespace {

std::string old_json(const codec::message& m) { return codec::to_json(m, support::smart_vista()).dump(); }

// A gateway with its bank, ready for HTTP.
struct service {
  explicit service(std::vector<std::string> more = {}) {
    const auto bank = std::to_string(free_port());
    more.insert(more.end(), {"--echoServerPort=" + bank, "--upstreamHost=127.0.0.1", "--upstreamPort=" + bank,
                             "--listenHttpPort=" + std::to_string(port), "--v"});
    gateway = std::make_unique<program>(more);
    REQUIRE(gateway->says("Connected to upstream"));
  }
  std::uint16_t port = free_port();
  std::unique_ptr<program> gateway;
};

}  // namespace

TEST_CASE("every row of the status table, over one connection that stays open") {
  service s;
  browser b(s.port);
  const auto approved = b.ask(http_post("/", old_json(purchase_now()), ""));
  CHECK(approved.status == 200);
  CHECK(approved.has("Content-Type: application/json"));
  CHECK(approved.body.back() == '\n');
  CHECK(approved.json().at("errors").empty());
  const auto result = approved.json().at("result");
  CHECK(result.at("0") == "0210");
  CHECK(result.at("4") == 1000);
  CHECK(result.at("39") == 0);
  CHECK(result.at("41") == "00000042");
  CHECK(result.at("2") == support::test_pan);

  const auto raw = b.ask(
    http_post("/raw", codec::to_hex(*codec::pack(purchase_now("00000043"), support::smart_vista())), ""));
  CHECK(raw.status == 200);
  CHECK(codec::unpack(*codec::from_hex(raw.body), support::smart_vista())->mti() == "0210");

  CHECK(b.ask(http_post("/", "{", "")).status == 400);
  CHECK(b.ask(http_post("/", "{}", "")).status == 500);
  auto old = purchase_now();
  old.set(12, "200101000000");
  CHECK(b.ask(http_post("/", old_json(old), "")).json().at("errors").at(0) == "Packet is expired!");
  CHECK(b.ask(http_post("/raw", "zz", "")).json().at("errors").at(0) == "Failed to parse packet!");
  CHECK(b.ask(http_post("/nowhere", "{}", "")).status == 404);
  CHECK(b.ask(http_get("/")).status == 405);
  CHECK(b.ask(http_get("/v1/openapi.json")).json().at("openapi") == "3.1.0");

  s.gateway->signal(SIGTERM);
  CHECK(s.gateway->wait() == 0);
}

TEST_CASE("a body over a megabyte is 413, and a silent host is 504") {
  service s;
  CHECK(browser(s.port).ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n").status == 413);

  const auto client_port = free_port();
  boost::asio::io_context io;
  tcp::acceptor silent(io, {boost::asio::ip::address_v4::loopback(), 0});
  program gateway({"--upstreamHost=127.0.0.1",
                   "--upstreamPort=" + std::to_string(silent.local_endpoint().port()),
                   "--listenHttpPort=" + std::to_string(client_port), "--queueTimeout=0.3"});
  REQUIRE(gateway.says("HTTP clients are awaited"));
  const auto response = browser(client_port).ask(http_post("/", old_json(purchase_now()), ""));
  CHECK(response.status == 504);
  CHECK(response.body == "{\"result\":\"\",\"errors\":[\"Gateway timeout\"]}\n");
}

TEST_CASE("a thousand clients that send a header byte by byte do not slow down the others") {
  service s({"--maxQueue=1000"});
  browser quick(s.port);
  int stan = 0;
  const auto median = [&] {
    std::vector<std::chrono::steady_clock::duration> times;
    for (int i = 0; i < 101; ++i) {
      const auto begun = std::chrono::steady_clock::now();
      REQUIRE(
        quick.ask(http_post("/", old_json(purchase_now("00000042", std::to_string(100000 + ++stan))), ""))
          .status == 200);
      times.push_back(std::chrono::steady_clock::now() - begun);
    }
    std::ranges::nth_element(times, times.begin() + 50);
    return times[50];
  };
  const auto alone = median();

  boost::asio::io_context io;
  std::vector<tcp::socket> slow;
  for (int i = 0; i < 1000; ++i) {
    slow.emplace_back(io).connect({boost::asio::ip::address_v4::loopback(), s.port});
    boost::asio::write(slow.back(), boost::asio::buffer("POST / HTTP/1.1\r\nX", 18));
  }
  // The medians are ratios of one run; each slow client sends a byte between two quick ones' hundred
  // requests.
  auto beside = median();
  for (int round = 0; round < 2; ++round) {
    for (auto& socket : slow)
      boost::asio::write(socket, boost::asio::buffer("y", 1));
    beside = std::min(beside, median());
  }
  CHECK(beside < 5 * alone);
}

TEST_CASE("behind trusted proxies the log has the client's address, and nobody else is believed") {
  service trusting({"--trustedProxies=127.0.0.1"});
  const auto forwarded = "X-Forwarded-For: 198.51.100.7, 203.0.113.5\r\n";
  CHECK(browser(trusting.port).ask(http_post("/", old_json(purchase_now()), forwarded)).status == 200);
  CHECK(trusting.gateway->says(" for 203.0.113.5 sent data"));

  service usual;
  CHECK(browser(usual.port).ask(http_post("/", old_json(purchase_now()), forwarded)).status == 200);
  CHECK(usual.gateway->says("sent data"));
  CHECK(usual.gateway->output().find("203.0.113.5") == std::string::npos);
}

TEST_CASE(
  "with proxyProtocol each connection begins with its header, and one without it is closed and logged") {
  service s({"--trustedProxies=127.0.0.1", "--proxyProtocol"});
  const auto request = http_get("/nowhere") + http_post("/", "{}", "Connection: close\r\n");
  const auto served = support::ask_port(s.port, "PROXY TCP4 203.0.113.5 10.0.0.1 53578 8080\r\n" + request);
  CHECK(served.find("HTTP/1.1 404") == 0);
  CHECK(s.gateway->says("Client http:203.0.113.5:53578 connected"));
  CHECK(support::ask_port(s.port, request).empty());
  CHECK(s.gateway->says("does not begin with a PROXY header"));

  service elsewhere({"--trustedProxies=192.0.2.1", "--proxyProtocol"});
  CHECK(support::ask_port(elsewhere.port, "PROXY TCP4 203.0.113.5 10.0.0.1 1 2\r\n" + request).empty());
  CHECK(elsewhere.gateway->says("127.0.0.1 may not connect"));
}
