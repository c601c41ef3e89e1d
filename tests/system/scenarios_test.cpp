// Stories with the released program, sockets and clocks; against a running gateway; against a bank's host.

#include <catch2/catch.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/program.hpp"

using Catch::Contains;
using support::free_port;
using support::program;

namespace {

// Where the story of that name lies, in the folder of its subject.
std::string story(const std::string& name) {
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(SOURCE_DIR) + "/scenarios/stories"))
    if (entry.path().filename() == name + ".scenario")
      return entry.path().string();
  FAIL("no story is called " + name);
  return {};
}

std::string port(const char* option, std::uint16_t p) { return std::string(option) + std::to_string(p); }

struct outcome {
  int status;
  std::string output;
};

outcome play(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "scenario");
  program p(arguments);
  const auto status = p.wait();
  return {status, p.output()};
}

// A file that lives as long as its test.
class temporary_file {
public:
  explicit temporary_file(const std::string& name, const std::string& text = "")
    : path_("/tmp/socketqueue-test-" + std::to_string(getpid()) + "-" + name) {
    std::ofstream(path_) << text;
  }
  ~temporary_file() { std::remove(path_.c_str()); }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  const std::string& path() const { return path_; }
  std::string text() const {
    std::ostringstream all;
    all << std::ifstream(path_).rdbuf();
    return all.str();
  }

private:
  std::string path_;
};

}  // namespace

TEST_CASE("with sockets and clocks, clients and host see what they see in virtual time") {
  const auto r = play({"--real", "--patience", "10s", story("answers_find_their_client"), story("bad_bytes"),
                       story("drain"), story("duplicate_answer"), story("keep_open"), story("host_confused"),
                       story("http_idempotent"), story("http_purchase"), story("link_cut"),
                       story("no_card_data_in_the_log"), story("one_byte_at_a_time"), story("queue_full"),
                       story("three_in_one_segment"), story("two_hundred_clients")});
  INFO(r.output);
  CHECK(r.status == 0);
  CHECK_THAT(r.output, Contains("\n14 passed, 0 failed\n"));
}

TEST_CASE(
  "the released program is killed and started again, and its emulator and test clients play in stories") {
  const auto r = play(
    {"--real", "--patience", "10s", story("bank_runs"), story("gateway_killed"), story("terminals_run")});
  INFO(r.output);
  CHECK(r.status == 0);
  CHECK_THAT(r.output, Contains("\n3 passed, 0 failed\n"));
}

TEST_CASE(
  "the released program is killed in the middle of a purchase, and what the next one finds is the same as in "
  "virtual time") {
  const auto r = play({"--real", "--patience", "10s", story("killed_while_the_host_works"),
                       story("killed_after_its_reversal"), story("client_reversal_of_an_unconfirmed")});
  INFO(r.output);
  CHECK(r.status == 0);
  CHECK_THAT(r.output, Contains("\n3 passed, 0 failed\n"));
}

TEST_CASE(
  "a flood, and a client that waits out a silent host, come out with real clocks as they do in virtual "
  "time") {
  const auto r = play({"--real", story("flood"), story("host_silent_to_http")});
  INFO(r.output);
  CHECK(r.status == 0);
  CHECK_THAT(r.output, Contains("\n2 passed, 0 failed\n"));
}

TEST_CASE(
  "a story that cannot be played with real clocks is skipped, with its reason, and does not count as "
  "passed") {
  const temporary_file junit("skipped.xml");
  const auto r = play(
    {"--real", "--patience", "30s", "--junit", junit.path(), story("upstream_dies"), story("host_silent")});
  INFO(r.output);
  CHECK(r.status == 0);
  CHECK_THAT(r.output, Contains("line 4: 'gateway loses' cannot be played by the released program"));
  CHECK_THAT(r.output, Contains("36 s pass in it, more than the limit of 30 s (--patience)"));
  CHECK_THAT(r.output, Contains("\n0 passed, 0 failed, 2 skipped\n"));
  CHECK_THAT(junit.text(),
             Contains("failures=\"0\" errors=\"0\" skipped=\"2\"") && Contains("<skipped message="));
}

TEST_CASE("with sockets too, a story that comes out otherwise fails and says what came") {
  const temporary_file wrong("wrong.scenario",
                             "# x\nbank runs\nclient A sends 0200\nclient A receives 0210 code=116\n");
  const auto r = play({"--real", "--json", wrong.path()});
  INFO(r.output);
  CHECK(r.status == 1);
  const auto json = nlohmann::json::parse(r.output);
  CHECK(json["failed"] == 1);
  CHECK(json["scenarios"][0]["outcome"] == "failed");
  CHECK_THAT(
    json["scenarios"][0]["why"].get<std::string>(),
    Contains(":4: client A receives 0210 code=116") && Contains("Response code: expected 116, got 000"));
}

TEST_CASE("a gateway that does not start says why in the story") {
  const temporary_file wrong("nostart.scenario",
                             "# x\ngateway runs with headerFormat=length:n:1\nclient A sends 0200\n");
  const auto r = play({"--real", wrong.path()});
  INFO(r.output);
  CHECK(r.status == 1);
  CHECK_THAT(r.output, Contains("can express messages of 9 bytes"));
}

TEST_CASE("stories are played against a gateway that runs already, with the framing of its host link") {
  const auto bank = free_port(), clients = free_port(), web = free_port(), statistics = free_port();
  program gateway({"--upstreamHost=127.0.0.1", port("--upstreamPort=", bank), port("--listenPort=", clients),
                   port("--listenHttpPort=", web), port("--statServerPort=", statistics),
                   "--headerFormat=length:b-hex:2", "--journal=none"});
  REQUIRE(gateway.says("Raw clients are awaited"));
  const auto r =
    play({"--target", port("127.0.0.1:", clients), port("--http-port=", web), port("--bank-port=", bank),
          port("--stat-port=", statistics), "--with", "headerFormat=length:b-hex:2",
          story("answers_find_their_client"), story("http_purchase"), story("other_class"),
          story("http_queue_full"), story("drain")});
  INFO(r.output);
  CHECK(r.status == 0);
  CHECK_THAT(r.output, Contains("\n3 passed, 0 failed, 2 skipped\n"));
  CHECK_THAT(r.output, Contains("this gateway runs already, and not with maxQueue="));
  CHECK_THAT(r.output, Contains("'gateway drains' cannot be played against a gateway that runs already"));
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
}

TEST_CASE(
  "without a gateway clients speak to a bank's host, and the steps of others are left out and counted") {
  const auto port_of_bank = free_port();
  program bank({port("--echoServerPort=", port_of_bank), "--headerFormat=length:b-hex:2"});
  REQUIRE(bank.says("Echo server listens"));
  const auto r = play({"--host", port("127.0.0.1:", port_of_bank), "--with=headerFormat=length:b-hex:2",
                       story("purchase_approved")});
  INFO(r.output);
  CHECK(r.status == 0);
  CHECK_THAT(r.output, Contains("4 steps left out"));
}
