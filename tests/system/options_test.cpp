// What a user gets for a wrong command line: one sentence, and a status that a script can read.

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>

#include "config/options.hpp"
#include "tests/store/directory.hpp"
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

}  // namespace

TEST_CASE("help is the page, on standard output, status 0") {
  const auto [status, output] = run({"--help"});
  CHECK(status == 0);
  CHECK_THAT(output, Contains("--upstreamHost=host") && Contains("The bank's host"));
}

TEST_CASE("the program runs the tools for dialects, and help names each of its commands") {
  const auto [status, output] = run({"describe", "30383030000000000000000041"});
  CHECK(status == 1);
  CHECK_THAT(output, Contains("Message Type Indicator [0].......................0800"));
  const auto help = run({"--help"}).second;
  for (const auto& c : config::commands())
    if (!c.example.empty())
      CHECK_THAT(help, Contains("  " + std::string(c.example) + " ") ||
                         Contains("  " + std::string(c.example) + "\n"));
}

TEST_CASE("a wrong command line is one sentence and status 2") {
  struct wrong {
    std::vector<std::string> arguments;
    const char* says;
  };
  const auto bank = "--echoServerPort=" + std::to_string(free_port());
  const auto w =
    GENERATE_COPY(wrong{{}, "nothing to do"}, wrong{{"--listnPort=1"}, "did you mean 'listenPort'"},
                  wrong{{"descibe", "30"}, "there is no command 'descibe'; did you mean 'describe'?"},
                  wrong{{"describe", "zz"}, "neither hexadecimal digits nor a file"},
                  wrong{{bank, "--hostConfig=Visa"}, "hostConfig 'Visa'"},
                  wrong{{bank, "--overrides=4:zz"}, "there is no type 'zz'"},
                  wrong{{bank, "--headerFormat=length:x:4"}, "the type must be"},
                  wrong{{bank, "--headerFormat=length:n:3"}, "give its length more digits"},
                  wrong{{bank, "--headerFormat=bin9"}, "headerFormat: there is no frame 'bin9'"},
                  wrong{{bank, "--clientHeaderFormat=length bin1"}, "give its length more digits"},
                  wrong{{bank, "--clientHeaderFormat=length bin2, lrc, message"}, "behind the message"},
                  wrong{{bank, "--headerFormat=bin2,max=99"}, "give at least that"},
                  wrong{{bank, "--headerFormat=bin2", "--lengthIncludeHeader"}, "leave lengthIncludeHeader"},
                  wrong{{bank, "--queueMessageKeyFields=11,99"}, "no field 99"},
                  wrong{{bank, "--clientDelivery=confirm"}, "does not say by which messages clients confirm"},
                  wrong{{bank, "--clientDelivery=confirm",
                         "--exchangeConfig=" SOURCE_DIR "/scenarios/stories/confirm/silent.json"},
                        "clientKeepOpen=true is missing"},
                  wrong{{bank, "--hostRequestUrl=http://a/", "--hostRequestSecretFile=none"},
                        "does not say which requests of the host are answered"},
                  wrong{{bank, "--logFile=/dev/null/log"}, "cannot write the logFile '/dev/null/log'"},
                  wrong{{bank, "--pidFile=/dev/null/pid"}, "cannot write the pidFile '/dev/null/pid'"});
  const auto [status, output] = run(w.arguments);
  CHECK(status == 2);
  CHECK_THAT(output, Contains(w.says) && Catch::StartsWith("socketqueue: "));
  CHECK(std::count(output.begin(), output.end(), '\n') == 1);
}

TEST_CASE("a file that is none of that kind gets a sentence, whichever option names it") {
  const auto place = "/tmp/socketqueue-test-" + std::to_string(getpid()) + "-files";
  REQUIRE(mkdir(place.c_str(), S_IRWXU) == 0);
  const auto pipe = place + "/pipe", deep = place + "/deep", empty = place + "/empty";
  REQUIRE(mkfifo(pipe.c_str(), S_IRUSR | S_IWUSR) == 0);
  std::ofstream{empty};
  std::ofstream(deep) << R"({"name":"x","bitmap":"binary",)"
                         R"("fields":[{"field":0,"name":"m","type":"n","length":4,"privacy":"open"}],)"
                         R"("mandatory":{},"approvals":["0"],)"
                      << R"("reversal":{"of":[],"mti":"0400","done":["0"],"set":{"3":)"
                      << std::string(100000, '[') << std::string(100000, ']') << "}}}";
  struct wrong {
    std::string option, file, says;
  };
  const std::vector<wrong> all{{"-c=", place, "is a directory"},
                               {"-c=", pipe, "is a pipe or a device"},
                               {"-c=", "/dev/zero", "is a pipe or a device"},
                               {"-c=", deep, "has more than 64 brackets within each other"},
                               {"-c=", empty, "is not JSON"},
                               {"--hostConfig=", place, "is a directory"},
                               {"--hostConfig=", pipe, "is a pipe or a device"},
                               {"--hostConfig=", "/dev/zero", "is a pipe or a device"},
                               {"--hostConfig=", deep, "has more than 64 brackets within each other"},
                               {"--hostConfig=", empty, "is not JSON"},
                               {"--pidFile=", place, "cannot write the pidFile"},
                               {"--pidFile=", pipe, "cannot write the pidFile"},
                               {"--logFile=", place, "cannot write the logFile"},
                               {"--logFile=", pipe, "it is a pipe that no process reads"}};
  for (const auto& w : all) {
    const auto [status, output] = run({"--echoServerPort=" + std::to_string(free_port()), w.option + w.file});
    INFO(w.option << w.file << ": " << output);
    CHECK(status == 2);
    CHECK_THAT(output, Contains(w.says) && Catch::StartsWith("socketqueue: "));
    CHECK(std::count(output.begin(), output.end(), '\n') == 1);
  }
  for (const auto& story : {pipe, std::string("/dev/zero")}) {
    const auto [status, output] = run({"scenario", story});
    CHECK(status == 2);
    CHECK_THAT(output, Contains("is a pipe or a device"));
  }
  for (const auto& file : {pipe, deep, empty})
    std::remove(file.c_str());
  std::remove(place.c_str());
}

TEST_CASE(
  "under a low limit of open files help and wrong usage say nothing of it, and a gateway tells once how many "
  "connections it has") {
  const auto under_256 = [](const std::string& arguments) {
    return std::string("exec 2>&1; ulimit -n 256; '") + PROGRAM + "' " + arguments;
  };
  const auto said = [&](const std::string& arguments) {
    std::string text;
    FILE* pipe = popen(under_256(arguments).c_str(), "r");
    REQUIRE(pipe);
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
      text += static_cast<char>(c);
    pclose(pipe);
    return text;
  };
  const auto port = std::to_string(free_port());
  CHECK_THAT(said("--help"), Catch::StartsWith("socketqueue: an ISO 8583"));
  CHECK_THAT(said("--listnPort=1"), Catch::StartsWith("socketqueue: there is no option"));
  CHECK_THAT(said("--echoServerPort=" + port + " --pidFile=/dev/null/pid"),
             Catch::StartsWith("socketqueue: cannot write the pidFile"));
  CHECK_THAT(said("--upstreamHost=127.0.0.1 --upstreamPort=1 --journal=none --listenPort=" + port +
                  " & for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.5; nc -z 127.0.0.1 " + port +
                  " && break; done; kill $!; wait"),
             Contains("At most 192 connections can be open at a time"));
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
  program gateway({"--upstreamHost=no-such-host.invalid", "--upstreamPort=1",
                   "--listenPort=" + std::to_string(free_port()), "--v"});
  REQUIRE(gateway.says("Dialing no-such-host.invalid:1 again in", 2));
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
}

TEST_CASE("settings that may lose money or money's trace are warned of at the start") {
  program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + std::to_string(free_port()),
                   "--listenPort=" + std::to_string(free_port()), "--unconfirmed=reverse",
                   "--hostTimeout=100", "--queueMessageKeyFields=41"});
  REQUIRE(gateway.says("Raw clients are awaited"));
  CHECK_THAT(gateway.output(),
             Contains("--unconfirmed=reverse with --clientDelivery=tcp: raw clients cannot ask") &&
               Contains("hostTimeout (100 s) is longer than queueTimeout (35 s)") &&
               Contains("queueMessageKeyFields has no field 11"));
}

TEST_CASE("what a peer sends cannot steer the screen that shows the log, whatever bytes it has") {
  const auto http = free_port();
  program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + std::to_string(free_port()),
                   "--listenHttpPort=" + std::to_string(http), "--vv"});
  REQUIRE(gateway.says("HTTP clients are awaited"));
  support::ask_port(http,
                    "GET /a\x9b"
                    "2J\xff\xc2\x9b"
                    "3J\xc3\xa4"
                    "b HTTP/1.0\r\n\r\n");
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
  CHECK_THAT(gateway.output(), Contains("sent data (GET /a\\x9b2J\u00ff\\u009b3J\u00e4b"));
}

TEST_CASE("a path that is mistyped for pidFile or logFile leaves the file that is there as it is") {
  const test::directory home;
  const auto port = std::to_string(free_port());
  const auto precious = home / "precious";
  for (const auto& text : {std::string("SQLite format 3\0...", 19), std::string("two words\n")}) {
    test::write(precious, text);
    const auto [status, output] = run({"--echoServerPort=" + port, "--pidFile=" + precious});
    CHECK(status == 2);
    CHECK_THAT(output, Catch::Contains("cannot write the pidFile '" + precious +
                                       "': there is something other than a process id in it"));
    CHECK(test::read(precious) == text);
  }
  const std::string database("SQLite format 3\0...", 19);
  test::write(precious, database);
  const auto [status, output] = run({"--echoServerPort=" + port, "--logFile=" + precious});
  CHECK(status == 2);
  CHECK_THAT(output, Catch::Contains("there is something other than a log in it"));
  CHECK(test::read(precious) == database);
}
