// The released program on a machine that fails: a full disk under its journal, a log that nobody reads.

#include <catch2/catch.hpp>

#include <sys/wait.h>

#include <boost/asio.hpp>

#include <csignal>
#include <cstdlib>

#include "codec/pack.hpp"
#include "tests/store/small_disk.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/journaled.hpp"

using Catch::Contains;
using support::ask_port;
using support::free_port;
using support::journaled;
using support::program;
using support::purchase_now;
using tcp = boost::asio::ip::tcp;

namespace {

std::string bytes_of(const codec::message& m) { return *codec::pack(m, support::smart_vista()); }

std::string port(std::uint16_t p) { return std::to_string(p); }

// A gateway that has logged more than its pipe holds, and than may wait for it; whether every client got its
// own reply meanwhile.
bool fill_log(program& gateway, std::uint16_t clients, std::uint16_t bank) {
  REQUIRE(gateway.says("Raw clients are awaited"));
  return std::system((std::string(LOAD) + " --mode=gateway --clients=50 --transactions=8000 --target-port=" +
                      port(clients) + " --bank-port=" + port(bank))
                       .c_str()) == 0;
}

std::vector<std::string> talkative(std::uint16_t clients, std::uint16_t bank) {
  return {"--upstreamHost=127.0.0.1", "--upstreamPort=" + port(bank), "--listenPort=" + port(clients),
          "--clientKeepOpen", "--vv"};
}

}  // namespace

TEST_CASE(
  "where the journal's disk is full a gateway ends with status 1, and with space again reverses what was at "
  "the host, and nothing else") {
  const test::directory home;
  test::small_disk disk(home / "disk", "64m");
  if (!disk)
    return;
  journaled j;
  j.journal = home / "disk/journal";
  j.start();
  boost::asio::io_context io;
  tcp::socket first(io);
  first.connect({boost::asio::ip::address_v4::loopback(), j.port});
  const auto at_host = purchase_now("00000042");
  boost::asio::write(first, boost::asio::buffer(bytes_of(at_host)));
  CHECK(j.host.read() == at_host);
  disk.fill(0);
  CHECK(ask_port(j.port, bytes_of(purchase_now("00000043"))).empty());
  CHECK(j.gateway->wait() == 1);
  CHECK_THAT(j.gateway->output(), Contains("the journal cannot be written") && Contains("disk is full"));

  disk.empty();
  j.start();
  const auto reversal = j.host.read();
  CHECK(reversal.mti() == "0400");
  CHECK(reversal[41] == "00000042");
  CHECK(reversal[11] == at_host[11]);
  j.host.answer(reversal, "400");
  boost::asio::io_context other_io;
  tcp::socket second(other_io);
  second.connect({boost::asio::ip::address_v4::loopback(), j.port});
  boost::asio::write(second, boost::asio::buffer(bytes_of(support::echo("00000044"))));
  CHECK(j.host.read().mti() == "0800");
  CHECK(j.asked({"pending"}).second == "No open cases.\n");
}

TEST_CASE("a log that nobody reads loses lines and tells how many, and every purchase has its own answer") {
  const auto clients = free_port(), bank = free_port();
  program gateway(talkative(clients, bank));
  CHECK(fill_log(gateway, clients, bank));
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
  CHECK_THAT(gateway.output(), Contains("lines of this log were dropped"));
}

TEST_CASE("a log that nobody reads does not keep a gateway that is told to end, once or twice") {
  const auto times = GENERATE(1, 2);
  const auto clients = free_port(), bank = free_port();
  program gateway(talkative(clients, bank));
  CHECK(fill_log(gateway, clients, bank));
  for (int n = 0; n < times; ++n)
    gateway.signal(SIGTERM);
  siginfo_t end{};
  REQUIRE(waitid(P_PID, static_cast<id_t>(gateway.pid()), &end, WEXITED | WNOWAIT) == 0);
  CHECK(end.si_code == CLD_EXITED);
  gateway.wait();
}
