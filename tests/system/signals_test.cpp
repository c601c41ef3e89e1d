// TERM, INT and HUP, and the files around the process.

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio.hpp>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/hand_host.hpp"
#include "tests/support/program.hpp"

using Catch::Contains;
using support::free_port;
using support::hand_host;
using support::program;
using tcp = boost::asio::ip::tcp;

namespace {

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string temporary(const char* name) {
  return "/tmp/socketqueue-test-" + std::to_string(getpid()) + "-" + name;
}

}  // namespace

TEST_CASE("TERM: what is in flight is answered, nothing new comes in, exit status 0, and INT alike") {
  const int signal = GENERATE(SIGTERM, SIGINT);
  hand_host host;
  const auto client_port = free_port();
  program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + host.port(),
                   "--listenPort=" + std::to_string(client_port), "--v"});
  host.accept();
  REQUIRE(gateway.says("Connected to upstream"));

  boost::asio::io_context io;
  tcp::socket client(io);
  client.connect({boost::asio::ip::address_v4::loopback(), client_port});
  boost::asio::write(client, boost::asio::buffer(*codec::pack(support::echo(), support::smart_vista())));
  const auto request = host.read();
  // A shell and `timeout` send it to the process and to its group.
  gateway.signal(signal);
  gateway.signal(signal);
  REQUIRE(gateway.says("Ending on a signal"));
  // Refused, or hung up on by who takes nothing new.
  tcp::socket late(io);
  boost::system::error_code refused;
  late.connect({boost::asio::ip::address_v4::loopback(), client_port}, refused);
  char byte = 0;
  if (!refused)
    late.read_some(boost::asio::buffer(&byte, 1), refused);
  CHECK(refused);

  host.answer(request);
  std::string answer;
  boost::system::error_code end;
  boost::asio::read(client, boost::asio::dynamic_buffer(answer), end);
  CHECK(codec::unpack(answer, support::smart_vista())->mti() == "0810");
  client.close();
  CHECK(gateway.wait() == 0);
}

TEST_CASE("a second TERM, a second later, ends it at once") {
  hand_host host;
  const auto client_port = free_port();
  program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + host.port(),
                   "--listenPort=" + std::to_string(client_port), "--v"});
  host.accept();
  REQUIRE(gateway.says("Connected to upstream"));
  boost::asio::io_context io;
  tcp::socket client(io);
  client.connect({boost::asio::ip::address_v4::loopback(), client_port});
  boost::asio::write(client, boost::asio::buffer(*codec::pack(support::echo(), support::smart_vista())));
  host.read();
  gateway.signal(SIGTERM);
  REQUIRE(gateway.says("Ending on a signal"));
  boost::asio::steady_timer(io, std::chrono::milliseconds(1100)).wait();
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 1);
}

TEST_CASE("HUP opens the log file anew, pidFile holds the process id and is emptied at the end") {
  const auto log = temporary("log"), pid = temporary("pid");
  program bank(
    {"--echoServerPort=" + std::to_string(free_port()), "--logFile=" + log, "--pidFile=" + pid, "--v"});
  REQUIRE(bank.says("Echo server listens"));
  CHECK(text_of(pid) == std::to_string(bank.pid()) + "\n");

  std::rename(log.c_str(), (log + ".1").c_str());
  bank.signal(SIGHUP);
  REQUIRE(bank.says("opened anew"));
  bank.signal(SIGTERM);
  CHECK(bank.wait() == 0);
  CHECK_THAT(text_of(log + ".1"), Contains("Echo server listens"));
  CHECK_THAT(text_of(log), Contains("Bye") && !Contains("Echo server listens"));
  CHECK(text_of(pid).empty());
  for (const auto& path : {log, log + ".1", pid})
    std::remove(path.c_str());
}

TEST_CASE("a log file that cannot be opened at HUP leaves the old one in use") {
  const auto log = temporary("log2");
  program bank({"--echoServerPort=" + std::to_string(free_port()), "--logFile=" + log, "--v"});
  REQUIRE(bank.says("Echo server listens"));
  const auto moved = log + ".1";
  std::rename(log.c_str(), moved.c_str());
  REQUIRE(mkdir(log.c_str(), 0700) == 0);
  bank.signal(SIGHUP);
  REQUIRE(bank.says("cannot open the log file anew"));
  bank.signal(SIGTERM);
  CHECK(bank.wait() == 0);
  CHECK_THAT(text_of(moved), Contains("Bye"));
  rmdir(log.c_str());
  std::remove(moved.c_str());
}
