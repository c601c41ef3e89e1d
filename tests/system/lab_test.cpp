// The laboratory is a program of its own, beside the gateway's: users notice nothing, and the gateway's
// program has nothing of it.

#include <catch2/catch.hpp>

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "tests/store/directory.hpp"

using Catch::Contains;
using Catch::EndsWith;

namespace {

namespace fs = std::filesystem;

struct result {
  int status;
  std::string output;
};

// As a shell runs it; standard output and error together.
result shell(const std::string& command) {
  FILE* pipe = popen(("exec 2>&1; " + command).c_str(), "r");
  REQUIRE(pipe);
  std::string output;
  std::array<char, 65536> buffer{};
  for (std::size_t size = 1; size != 0; output.append(buffer.data(), size))
    size = std::fread(buffer.data(), 1, buffer.size(), pipe);
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

// A folder with the gateway's program, and what else a test puts there.
class installation {
public:
  installation() { fs::copy_file(PROGRAM, file("socketqueue")); }

  std::string file(const std::string& name) const { return place_.path() + "/" + name; }
  result socketqueue(const std::string& arguments) const {
    return shell("'" + file("socketqueue") + "' " + arguments);
  }
  // In the lab's place a program that tells how it was run.
  void put_script() const {
    test::write(file("socketqueue-lab"), "#!/bin/sh\nprintf '<%s>' \"$@\"\nexit 42\n");
    fs::permissions(file("socketqueue-lab"), fs::perms::owner_all);
  }

private:
  test::directory place_;
};

const std::string silent_host = SOURCE_DIR "/scenarios/stories/host/host_silent.scenario";

// Which of the laboratory's parts a program has symbols of. CAF's testing scheduler comes with the first.
std::set<std::string> parts_in(const std::string& program) {
  const auto symbols = shell(NM " -C '" + program + "'");
  REQUIRE(symbols.status == 0);
  // A program without names would pass for one without the parts.
  REQUIRE_THAT(symbols.output, Contains(" actors::spawn_gateway"));
  std::set<std::string> parts;
  for (const auto* part : {"test_coordinator", "player::", "simulator::", "real::", "command::"})
    for (const auto* before : {" ", "<", "(", "caf::scheduler::"})
      if (symbols.output.find(before + std::string(part)) != std::string::npos)
        parts.insert(part);
  return parts;
}

}  // namespace

TEST_CASE("the gateway's program has no story player, no simulator and no testing scheduler in it") {
  CHECK(parts_in(PROGRAM) == std::set<std::string>{});
  CHECK(parts_in(LAB).size() == 5);
}

TEST_CASE("socketqueue plays stories and random worlds as its laboratory does, to the last byte") {
  for (const auto& arguments :
       {"scenario " + silent_host, std::string("scenario nowhere.scenario"), std::string("scenario --help"),
        std::string("simulate --help"), std::string("simulate --runs=0")}) {
    const auto direct = shell("'" LAB "' " + arguments), through = shell("'" PROGRAM "' " + arguments);
    INFO(arguments);
    CHECK(through.output == direct.output);
    CHECK(through.status == direct.status);
  }
  CHECK(shell("'" PROGRAM "' scenario " + silent_host).status == 0);
  CHECK(shell("'" PROGRAM "' simulate --runs=0").status == 2);
  CHECK_THAT(shell("'" PROGRAM "' simulate --runs=3").output, EndsWith("No violation\n"));
}

TEST_CASE("the laboratory gets all arguments as they were typed, and its exit status is socketqueue's") {
  const installation here;
  here.put_script();
  const auto r = here.socketqueue("scenario 'a story' '' --with=x '*'");
  CHECK(r.output == "<scenario><a story><><--with=x><*>");
  CHECK(r.status == 42);
  CHECK(here.socketqueue("simulate --runs 3").output == "<simulate><--runs><3>");
  CHECK_THAT(here.socketqueue("--help").output, Contains("usage: socketqueue"));
}

TEST_CASE("the laboratory is found from a link to socketqueue, and when a shell finds that in its PATH") {
  const installation here;
  here.put_script();
  const test::directory elsewhere;
  fs::create_symlink(here.file("socketqueue"), elsewhere.path() + "/sq");
  CHECK(shell("cd / && '" + elsewhere.path() + "/sq' scenario x").output == "<scenario><x>");
  CHECK(shell("PATH='" + elsewhere.path() + "':$PATH; cd /; sq simulate").output == "<simulate>");
}

TEST_CASE("where the laboratory is not, one sentence says what is missing, where, and what to do") {
  const installation here;
  for (const std::string word : {"scenario", "simulate"}) {
    const auto r = here.socketqueue(word + " --help");
    CHECK(r.status == 2);
    CHECK(r.output == "socketqueue " + word + ": this needs the program socketqueue-lab, and " +
                        here.file("socketqueue-lab") +
                        " cannot be run: No such file or directory; put the socketqueue-lab of the same "
                        "build beside socketqueue\n");
  }
  test::write(here.file("socketqueue-lab"), "");
  fs::permissions(here.file("socketqueue-lab"), fs::perms::owner_read);
  CHECK_THAT(here.socketqueue("scenario x").output, Contains("cannot be run: Permission denied"));
}

TEST_CASE("a laboratory that is a link to socketqueue is refused, and not run for ever") {
  const installation here;
  fs::create_symlink("socketqueue", here.file("socketqueue-lab"));
  const auto r = shell("timeout 10 '" + here.file("socketqueue") + "' scenario x");
  CHECK(r.status == 2);
  CHECK_THAT(r.output, Contains("socketqueue-lab is socketqueue itself"));
}

TEST_CASE("stories with sockets say what they miss where the laboratory lies alone") {
  const test::directory place;
  fs::copy_file(LAB, place.path() + "/socketqueue-lab");
  const auto r = shell("'" + place.path() + "/socketqueue-lab' scenario --real " + silent_host);
  CHECK(r.status == 2);
  CHECK(r.output == "socketqueue scenario: --real starts the program socketqueue, and " + place.path() +
                      "/socketqueue cannot be run: No such file or directory; put the socketqueue of the "
                      "same build beside socketqueue-lab\n");
  CHECK(shell("'" + place.path() + "/socketqueue-lab' scenario " + silent_host).status == 0);
}

TEST_CASE("the laboratory alone tells what it can do") {
  const auto help = shell("'" LAB "' --help");
  CHECK(help.status == 0);
  CHECK_THAT(help.output, Contains("socketqueue-lab scenario FILE") && Contains("socketqueue-lab simulate"));
  CHECK(shell("'" LAB "'").status == 2);
  const auto wrong = shell("'" LAB "' --listenPort=2014");
  CHECK(wrong.status == 2);
  CHECK(wrong.output ==
        "socketqueue-lab: there is no command '--listenPort=2014', only scenario and "
        "simulate; --help tells more\n");
}
