// The scripts behind `./run bench`, with counts that are too small to say anything about time.

#include <catch2/catch.hpp>

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

using Catch::Contains;
using Catch::StartsWith;

namespace {

struct ended {
  int status = -1;
  std::string output;
};

// Standard output alone, unless the command joins it with standard error.
ended run(const std::string& script, const std::string& options) {
  const auto command = SOURCE_DIR "/tests/bench/" + script + " --build=" BUILD_DIR " " + options;
  auto* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  ended result;
  std::array<char, 4096> bytes{};
  while (const auto count = std::fread(bytes.data(), 1, bytes.size(), pipe))
    result.output.append(bytes.data(), count);
  const auto status = pclose(pipe);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

// Not every machine that runs the tests has them.
bool tells_of_missing_program(const std::string& note) {
  return note.find("valgrind is missing") != std::string::npos ||
         note.find("libnginx-mod-stream") != std::string::npos;
}

}  // namespace

TEST_CASE("the table of what the gateway costs has a figure and a goal in each of its rows") {
  const auto names = lines_of(run("table", "--list").output);
  REQUIRE(names.size() > 10);
  const auto table =
    run("table", "--rounds=1 --transactions=500 --remembered=5000 --purchases=50 --connections=50 --json");
  INFO(table.output);
  const auto result = nlohmann::json::parse(table.output);
  REQUIRE(result["rows"].size() == names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& row = result["rows"][i];
    INFO(row.dump());
    CHECK(row["row"] == names[i]);
    CHECK((row["figure"].is_number() || tells_of_missing_program(row["note"])));
    CHECK(row.value("at_most", row.value("at_least", 0.0)) > 0);
  }
}

TEST_CASE("a row of the table is measured alone where it alone is asked for") {
  const auto result = nlohmann::json::parse(run("table", "--row=memory-rest --json").output);
  REQUIRE(result["rows"].size() == 1);
  CHECK(result["rows"][0]["row"] == "memory-rest");
  CHECK(result["rows"][0]["figure"] > 1);
}

TEST_CASE("two builds of the gateway are compared, without a journal and with one") {
  const auto compared =
    run("compare", "--rounds=1 --transactions=200 --warmup=20 --clients=20 --json --other=" PROGRAM
                   " --contenders=gateway,other,durable,other-durable");
  REQUIRE(compared.status == 0);
  const auto row = nlohmann::json::parse(compared.output)["rows"][0];
  for (const auto* who : {"gateway", "other", "durable", "other-durable"})
    CHECK(row[who]["cpu_us_per_transaction"] > 0);
}

TEST_CASE("a gateway that is watched, and one that is asked often, are measured beside one alone") {
  const auto watched = run("watched", "--rounds=2 --transactions=500 --asks=100 --json 2>&1");
  INFO(watched.output);
  if (watched.status == 2) {
    CHECK_THAT(watched.output, Contains("two processors are needed"));
    return;
  }
  REQUIRE(watched.status == 0);
  const auto result = nlohmann::json::parse(lines_of(watched.output).back());
  for (const auto* name : {"again", "watched", "asked"})
    for (const auto* member : {"loop_us", "cpu_us_per_transaction", "per_second"})
      CHECK(result[name][member]["median"] > 0);
}

TEST_CASE("a wrong option of a measurement gets one sentence and exit status 2") {
  for (const auto* option : {"--quik", "--row=nosuch", "--rounds=0", "--compare", "--compare=nosuch",
                             "--compare=HEAD --row=start"}) {
    const auto refused = run("table", std::string(option) + " 2>&1");
    CHECK(refused.status == 2);
    CHECK(lines_of(refused.output).size() == 1);
    CHECK_THAT(refused.output, StartsWith("bench: "));
  }
  CHECK_THAT(run("compare", "--contenders=bank 2>&1").output, Contains("there is no 'bank'"));
}
