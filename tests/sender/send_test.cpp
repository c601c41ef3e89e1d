// `socketqueue send` against the program, and where nobody is.

#include <catch2/catch.hpp>

#include <boost/asio.hpp>
#include <nlohmann/json.hpp>

#include <sstream>

#include "sender/command.hpp"
#include "tests/support/gateway_with_bank.hpp"

using Catch::Contains;
using support::free_port;
using support::program;
using tcp = boost::asio::ip::tcp;

namespace {

struct said {
  int status;
  std::string out, err;
};

said send(std::vector<std::string> words, const std::vector<const char*>& environment = {}) {
  words.insert(words.begin(), "send");
  std::vector<const char*> arguments;
  for (const auto& w : words)
    arguments.push_back(w.c_str());
  std::ostringstream out, err;
  const int status = sender::run_send(arguments, environment, out, err);
  return {status, out.str(), err.str()};
}

std::string at(std::uint16_t port) { return "--to=127.0.0.1:" + std::to_string(port); }

// A gateway with its bank.
struct pair {
  pair() {
    auto arguments = both.arguments();
    arguments.push_back("--listenPort=" + std::to_string(raw));  // the last one counts
    gateway = std::make_unique<program>(arguments);
    REQUIRE(gateway->says("Connected to upstream"));
  }
  support::gateway_with_bank both;
  std::uint16_t raw = free_port();
  std::unique_ptr<program> gateway;
};

}  // namespace

TEST_CASE("send shows the answer as a table with the card masked, by HTTP and over TCP alike") {
  pair p;
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"purchase", "amount=10.00", "tid=00000042", at(p.both.http)},
                                             {"purchase", "amount=10.00", "tid=00000043", "--raw", at(p.raw)},
                                             {"purchase", "amount=10.00", "tid=00000044", "--raw",
                                              "--header=length:n:4", "--to=127.0.0.1:" + p.both.bank}}) {
    const auto s = send(words);
    CAPTURE(words, s.out, s.err);
    CHECK(s.status == 0);
    CHECK_THAT(s.out,
               Contains("[Purchase Response]") && Contains("485078******7891") &&
                 Contains("Response code [39]...............................0 (Successful Transaction)") &&
                 Contains("Amount, Transaction [4]..........................1000") &&
                 Contains("\nApproved.\n") && !Contains("4850781234567891"));
  }
  CHECK(send({"echo", at(p.both.http)}).status == 0);
  CHECK(send({"echo", "--raw", at(p.raw)}).status == 0);
}

TEST_CASE("send's exit status and its JSON tell what the host decided, and a reversal undoes it") {
  pair p;
  const auto declined = send({"purchase", "amount=116777", "--json", at(p.both.http)});
  CHECK(declined.status == 1);
  CHECK(nlohmann::json::parse(declined.out).at("outcome") == "declined");
  const auto approved = send({"purchase", "amount=3.00", "--json", at(p.both.http)});
  CHECK(approved.status == 0);
  const auto response = nlohmann::json::parse(approved.out).at("response");
  const auto rrn = "rrn=" + response.at("rrn").get<std::string>();
  CHECK(send({"reversal", rrn, "amount=3.00", "--raw", at(p.raw)}).status == 0);
  const auto again = send({"reversal", rrn, "amount=3.00", at(p.both.http)});
  CHECK(again.status == 1);
  CHECK_THAT(again.out, Contains("Declined: code 914"));
}

TEST_CASE("send says what the gateway refuses, and why") {
  pair p;
  const auto refused = send({"0200", "amount=10.00", at(p.both.http)});
  CHECK(refused.status == 1);
  CHECK_THAT(refused.err, Contains("terminal_id") && Contains("nothing was sent to the host"));
  const auto raw = send({"0200", "amount=10.00", "--raw", at(p.raw)});
  CHECK(raw.status == 2);
  CHECK_THAT(raw.err, Contains("41 (") && Contains("--force"));
}

TEST_CASE("where nobody is, send says at once what to start and how to name another place") {
  const auto port = free_port();
  const auto http = send({"purchase", at(port)});
  CHECK(http.status == 1);
  CHECK_THAT(http.err, Contains("127.0.0.1:" + std::to_string(port)) &&
                         Contains("--listenHttpPort=" + std::to_string(port)) && Contains("--to=HOST:PORT"));
  CHECK(http.out.empty());
  const auto raw = send({"purchase", "--raw", at(port)});
  CHECK(raw.status == 1);
  CHECK_THAT(raw.err, Contains("--listenPort=" + std::to_string(port)));
}

TEST_CASE("a purchase without an answer has status 3, and its outcome is said to be unknown") {
  boost::asio::io_context io;
  tcp::acceptor silent(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const auto s = send({"purchase", "--raw", "--timeout=1s", at(silent.local_endpoint().port())});
  CHECK(s.status == 3);
  CHECK_THAT(s.err, Contains("its outcome is not known") && Contains("`socketqueue pending`"));
  const auto echo = send({"echo", "--raw", "--timeout=1s", at(silent.local_endpoint().port())});
  CHECK(echo.status == 3);
  CHECK_THAT(echo.err, !Contains("pending"));
}

TEST_CASE("send finds the gateway and its dialect in the gateway's own file, or in the environment") {
  const test::directory home;
  const auto port = std::to_string(free_port());
  test::write(home / "gateway.json", R"({"upstreamHost": "bank", "upstreamPort": 5000, "listenHttpPort": )" +
                                       port + R"(, "hostConfig": "iso87-bcd"})");
  CHECK_THAT(send({"purchase", "-c", home / "gateway.json"}).err, Contains("127.0.0.1:" + port));
  CHECK_THAT(send({"purchase", "nonsense=1", "-c", home / "gateway.json"}).err, Contains("iso87-bcd"));
  const auto variable = "SOCKETQUEUE_LISTEN_PORT=" + port;
  CHECK_THAT(send({"purchase", "--raw"}, {variable.c_str()}).err, Contains("127.0.0.1:" + port));
  CHECK(send({"purchase", "-c", home / "none.json"}).status == 2);
}

TEST_CASE("send refuses what it does not know") {
  CHECK(send({}).status == 2);
  CHECK_THAT(send({"purchase", "--raww"}).err, Contains("did you mean '--raw'?"));
  CHECK_THAT(send({"purchase", "--header=ascii4"}).err, Contains("--raw"));
  CHECK_THAT(send({"purchase", "--timeout=5"}).err, Contains("10s"));
  CHECK_THAT(send({"purchase", "--to=a:1,b:2"}).err, Contains("one place"));
  CHECK(send({"--help"}).status == 0);
}

TEST_CASE("the emulator is silent, refuses and is as ever again when it is told so while it runs") {
  const test::directory home;
  const auto control = "--control=" + (home / "bank");
  const auto port = free_port();
  program bank({"--echoServerPort=" + std::to_string(port), "--testControl=" + (home / "bank"),
                "--testResponseCode=119", "--v"});
  REQUIRE(bank.says("Echo server listens"));
  const auto buy = [&] {
    return send({"purchase", "--raw", "--header=length:n:4", "--timeout=1s", at(port)});
  };
  const auto tell = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "emulator");
    words.push_back(control);
    program p(words);
    return p.wait();
  };
  CHECK_THAT(buy().out, Contains("Declined: code 119"));
  CHECK(tell({"silent"}) == 0);
  CHECK(buy().status == 3);
  CHECK(bank.says("silent to 100 of 100 requests"));
  CHECK(tell({"refuse", "116"}) == 0);
  CHECK_THAT(buy().out, Contains("Declined: code 116"));
  CHECK(tell({"hangup"}) == 0);
  CHECK(buy().status == 3);
  CHECK(tell({"normal"}) == 0);
  CHECK(buy().status == 0);
  CHECK(tell({"asleep"}) == 1);
  CHECK(tell({}) == 2);
  program nobody({"emulator", "normal", "--control=" + (home / "none")});
  CHECK(nobody.wait() == 2);
  CHECK_THAT(nobody.output(), Contains("no bank emulator answers at"));
}

TEST_CASE("the emulator logs what it cannot read, with the place, and without card data") {
  const auto port = free_port();
  program bank({"--echoServerPort=" + std::to_string(port), "--v"});
  REQUIRE(bank.says("Echo server listens"));
  boost::asio::io_context io;
  tcp::socket client(io);
  client.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  boost::asio::write(client, boost::asio::buffer(std::string("00240200ABCD4850781234567891")));
  REQUIRE(bank.says("that are no message, from 127.0.0.1:"));
  REQUIRE(bank.says("\n"));
  CHECK_THAT(bank.output(), Contains("field ") && !Contains("4850781234567891"));
}
