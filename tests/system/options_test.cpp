// What a user gets for a wrong command line: one sentence, and a status that a script can read.

#include <catch2/catch.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>

#include "tests/support/program.hpp"

using Catch::Contains;
using support::free_port;
using support::program;

namespace {

// Status and output of a program that should end by itself.
std::pair<int, std::string> run(const std::vector<std::string>& arguments) {
  program p(arguments);
  const int status = p.wait();
  return {status, p.output()};
}

} // namespace

TEST_CASE("help is the page, on standard output, status 0") {
  const auto [status, output] = run({"--help"});
  CHECK(status == 0);
  CHECK_THAT(output, Contains("--upstreamHost=host") && Contains("The bank's host"));
}

TEST_CASE("a wrong command line is one sentence and status 2") {
  struct wrong {
    std::vector<std::string> arguments;
    const char* says;
  };
  const auto bank = "--echoServerPort=" + std::to_string(free_port());
  const auto w = GENERATE_COPY(wrong{{}, "nothing to do"}, wrong{{"--listnPort=1"}, "did you mean 'listenPort'"},
                          wrong{{bank, "--hostConfig=Visa"}, "hostConfig 'Visa'"},
                          wrong{{bank, "--overrides=4:zz"}, "there is no type 'zz'"},
                          wrong{{bank, "--headerFormat=length:x:4"}, "the type must be"},
                          wrong{{bank, "--headerFormat=length:n:3"}, "give its length more digits"},
                          wrong{{bank, "--queueMessageKeyFields=11,99"}, "no field 99"},
                          wrong{{bank, "--logFile=/dev/null/log"}, "cannot write the logFile '/dev/null/log'"},
                          wrong{{bank, "--pidFile=/dev/null/pid"}, "cannot write the pidFile '/dev/null/pid'"});
  const auto [status, output] = run(w.arguments);
  CHECK(status == 2);
  CHECK_THAT(output, Contains(w.says) && Catch::StartsWith("socketqueue: "));
  CHECK(std::count(output.begin(), output.end(), '\n') == 1);
}

TEST_CASE("a port in use is named with its option, and the pidFile of who uses it stays") {
  const auto port = std::to_string(free_port());
  const auto pid_file = "/tmp/socketqueue-test-" + std::to_string(getpid()) + "-first.pid";
  program first({"--echoServerPort=" + port, "--pidFile=" + pid_file});
  REQUIRE(first.says("Echo server listens"));
  const auto [status, output] = run({"--echoServerPort=" + port, "--pidFile=" + pid_file});
  CHECK(status == 2);
  std::string pid;
  std::ifstream(pid_file) >> pid;
  CHECK(pid == std::to_string(first.pid()));
  std::remove(pid_file.c_str());
  CHECK_THAT(output, Contains("echoServerPort: cannot listen on port " + port + ": Address already in use"));
}

TEST_CASE("a host that is not there is dialed again and again, and the log says so") {
  program gateway({"--upstreamHost=no-such-host.invalid", "--upstreamPort=1", "--listenPort=" + std::to_string(free_port()), "--v"});
  REQUIRE(gateway.says("Dialing no-such-host.invalid:1 again in", 2));
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
}
