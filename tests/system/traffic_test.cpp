// Many clients at once, a host that does what networks do, ten thousand connections.

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "tests/support/program.hpp"

using support::free_port;
using support::program;

namespace {

// The load generator, which is the bank too; its status says whether every client got its own reply.
int load(const std::string& options) { return std::system((std::string(LOAD) + " " + options).c_str()); }

std::string port(std::uint16_t p) { return std::to_string(p); }

}  // namespace

TEST_CASE(
  "200 clients and 20,000 purchases through a host that splits, joins and shuffles: each gets its own "
  "reply") {
  const auto bank = free_port(), clients = free_port();
  program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + port(bank),
                   "--listenPort=" + port(clients), "--clientKeepOpen", "--maxQueue=1000"});
  REQUIRE(gateway.says("Raw clients are awaited"));
  CHECK(load("--mode=gateway --hostile --clients=200 --transactions=20000 --target-port=" + port(clients) +
             " --bank-port=" + port(bank)) == 0);
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
}

TEST_CASE("400 and 2,000 terminals at once are all served by a gateway with room for 100") {
  for (const int crowd : {400, 2000}) {
    const auto bank = free_port(), clients = free_port();
    program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + port(bank),
                     "--listenPort=" + port(clients), "--clientKeepOpen"});
    REQUIRE(gateway.says("Raw clients are awaited"));
    CHECK(load("--mode=gateway --clients=" + std::to_string(crowd) + " --transactions=" +
               std::to_string(2 * crowd) + " --target-port=" + port(clients) +
               " --bank-port=" + port(bank)) == 0);
    gateway.signal(SIGTERM);
    CHECK(gateway.wait() == 0);
    CHECK(gateway.output().find("is refused") == std::string::npos);
  }
}

TEST_CASE("a connection for each purchase works as well") {
  const auto bank = free_port(), clients = free_port();
  program gateway(
    {"--upstreamHost=127.0.0.1", "--upstreamPort=" + port(bank), "--listenPort=" + port(clients)});
  REQUIRE(gateway.says("Raw clients are awaited"));
  CHECK(load("--mode=gateway --one-shot --clients=50 --transactions=5000 --target-port=" + port(clients) +
             " --bank-port=" + port(bank)) == 0);
}

TEST_CASE("10,000 connections are held at once, and each is served") {
  // Fewer where the system allows fewer open files; the gateway and the load keep some for themselves.
  rlimit files{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &files) == 0);
  const auto connections = std::min<rlim_t>(10000, files.rlim_max - std::min<rlim_t>(files.rlim_max, 200));
  if (connections < 10000)
    WARN("only " << connections << " connections are tried: the hard limit of open files is "
                 << files.rlim_max);
  REQUIRE(connections > 0);
  const auto bank = free_port(), clients = free_port();
  program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + port(bank),
                   "--listenPort=" + port(clients), "--clientKeepOpen", "--maxQueue=20000"});
  REQUIRE(gateway.says("Raw clients are awaited"));
  CHECK(load("--mode=gateway --connections=" + std::to_string(connections) +
             " --hold=1 --target-port=" + port(clients) + " --bank-port=" + port(bank)) == 0);
}
