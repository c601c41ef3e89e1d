// The commands about options and configuration files, and what --help and its like print.

#include "config/command.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "tests/store/directory.hpp"

using Catch::Contains;

namespace {

struct said {
  int status;
  std::string out, err;
};

said run(const std::vector<const char*>& arguments) {
  REQUIRE(config::is_config_command(arguments));
  std::ostringstream out, err;
  const int status = config::run_config_command(arguments, out, err);
  return {status, out.str(), err.str()};
}

said print(const config::reading_settings& asked) {
  std::ostringstream out, err;
  const int status = config::print_text(asked, out, err);
  return {status, out.str(), err.str()};
}

}  // namespace

TEST_CASE("migrate tells with its exit status whether the file starts this program") {
  const test::directory home;
  const auto path = home / "old.json";
  test::write(path, R"({"echoServerPort": 5000})");
  CHECK(run({"migrate", path.c_str()}).status == 0);
  test::write(path, R"({"echoServerPort": "here"})");
  const auto refused = run({"migrate", path.c_str(), "--json"});
  CHECK(refused.status == 1);
  CHECK_THAT(refused.out, Contains("\"what\": \"refused\""));
  CHECK(run({"migrate"}).status == 2);
  CHECK(run({"migrate", "/no/such/file"}).status == 2);
  CHECK(run({"migrate", path.c_str(), "--jsno"}).status == 2);
  CHECK(run({"migrate", "--help"}).status == 0);
}

TEST_CASE("completion wants a shell, man nothing") {
  CHECK_THAT(run({"completion", "bash"}).out, Contains("complete -F _socketqueue socketqueue"));
  CHECK(run({"completion"}).status == 2);
  CHECK_THAT(run({"completion", "tcsh"}).err, Contains("bash, zsh or fish"));
  CHECK_THAT(run({"man"}).out, Contains(".TH SOCKETQUEUE"));
  CHECK(run({"man", "x"}).status == 2);
  const std::vector<const char*> options{"--completion"};
  CHECK_FALSE(config::is_config_command(options));
}

TEST_CASE("bash completes the options of a command behind its name, and those of the gateway elsewhere") {
  const test::directory home;
  test::write(home / "completion", run({"completion", "bash"}).out);
  const auto completed = [&home](const std::string& words, int at) {
    const auto line = "bash -c 'source " + (home / "completion") + "; COMP_WORDS=(" + words +
                      "); COMP_CWORD=" + std::to_string(at) +
                      "; _socketqueue 2>/dev/null; echo \"${COMPREPLY[@]}\"'";
    auto* const pipe = ::popen(line.c_str(), "r");
    REQUIRE(pipe);
    std::string out;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
      out += static_cast<char>(c);
    ::pclose(pipe);
    return out;
  };
  CHECK_THAT(completed("socketqueue pending --", 2), Contains("--state=") && !Contains("--listenPort"));
  CHECK_THAT(completed("socketqueue send purchase --t", 3), Contains("--to= --timeout="));
  CHECK_THAT(completed("socketqueue --listen", 1), Contains("--listenPort="));
}

TEST_CASE("version, help and helpJson print what they are asked for, and refuse what they do not know") {
  config::reading_settings asked;
  asked.version = true;
  CHECK_THAT(print(asked).out, Catch::Matches("socketqueue [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  asked = {};
  asked.help = "queue";
  CHECK_THAT(print(asked).out, Contains("--maxQueue") && !Contains("--listenPort"));
  asked.help = "qeue";
  const auto wrong = print(asked);
  CHECK(wrong.status == 2);
  CHECK_THAT(wrong.err, Contains("did you mean 'queue'?"));
  asked = {};
  asked.help_json = "true";
  CHECK_THAT(print(asked).out, Contains("\"listenPort\": 0"));
  asked.help_json = "sections";
  CHECK_THAT(print(asked).out, Contains("\"lockTerminal\": true"));
  asked.help_json = "yaml";
  CHECK(print(asked).status == 2);
}
