// What the old program's README has typed, and each of its options, from the table in
// tests/golden/old-program.json. The released program stands in for the old one, on a network of the test's
// own, so that hosts and ports are those of the README.
//
// A row has what is typed (`typed`), what the old program does (`old`), what ours does (`ours`), the lines of
// docs/MIGRATING.md where these differ (`differs`), and how it is shown: by a test or a story elsewhere
// (`test`), by files, or by running it (`shown`):
//   beside         is started first, one behind the other, each until it says `says`
//   before, run, then, after   commands around the row's own, for which `run` may stand
//   says, prints, never, json, files, status   what must come of it; a ~ is anything within a line
//   ends, signal   whether it ends by itself, or at that signal
// An option's row has in `option` what is given with it, and in `without` what is not of the README's
// configuration.

#include <catch2/catch.hpp>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/store/directory.hpp"
#include "tests/support/program.hpp"

using nlohmann::ordered_json;
using support::program;

namespace {

namespace fs = std::filesystem;

const std::string source = SOURCE_DIR;

// The configuration that the README shows.
constexpr const char* readme_config = R"({
    "upstreamHost":    "10.0.0.1",
    "upstreamPort":    5000,
    "listenPort":      2014,
    "vv":              true,
    "logFile":         "log.txt"
}
)";

const std::vector<ordered_json>& rows() {
  static const auto all = ordered_json::parse(test::read(source + "/tests/golden/old-program.json"))
                            .get<std::vector<ordered_json>>();
  return all;
}

// The hosts of the README and of docker-compose.yml are this machine. False where only root could have that,
// or where its commands are missing.
bool has_own_network() {
  static const bool has = [] {
    if (std::system("type curl nc ip >/dev/null 2>&1") != 0 || unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 ||
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
      return false;
    const test::directory here;
    test::write(here / "hosts", "127.0.0.1 localhost askarov.com echo-server socket-queue\n");
    return std::system(("ip link set lo up && ip addr add 10.0.0.1/32 dev lo && mount --bind '" +
                        (here / "hosts") + "' /etc/hosts")
                         .c_str()) == 0;
  }();
  if (!has)
    WARN("this needs root, for a network of its own, and curl, nc and ip; it does not run");
  return has;
}

// Where the lines are typed: the program has its name here, and the README's files lie here.
class place {
public:
  place() {
    fs::create_directories(home_ / "bin");
    fs::create_directories(home_ / "sample_payloads");
    fs::create_symlink(PROGRAM, home_ / "bin/socketqueue");
    fs::copy_file(source + "/scenarios/payloads/echo.iso", home_ / "sample_payloads/sv_800_echo.txt");
    test::write(home_ / "config.json", readme_config);
  }

  /// Of a shell; a command that is to get signals itself is the shell's last.
  std::vector<std::string> typed(const std::string& line) const {
    return {"-c",
            "cd '" + home_.path() + "' && export PATH=\"$PWD/bin:$PATH\" && exec 0</dev/null && " + line};
  }

  std::string path(const std::string& name) const { return home_ / name; }

  std::string file(const std::string& name) const {
    if (const std::string from = "$SOURCE"; name.starts_with(from))
      return test::read(source + name.substr(from.size()));
    return test::read(home_ / name);
  }

private:
  test::directory home_;
};

std::vector<std::string> texts(const ordered_json& shown, const char* key) {
  return shown.value(key, std::vector<std::string>());
}

// The place behind the first text from `from` on that is like `pattern`, in which ~ is anything within a
// line; npos: there is none.
std::size_t behind(const std::string& text, const std::string& pattern, std::size_t from) {
  const auto first = pattern.substr(0, pattern.find('~'));
  for (auto at = text.find(first, from); at != std::string::npos; at = text.find(first, at + 1)) {
    const auto line_end = std::min(text.find('\n', at + first.size()), text.size());
    auto end = at + first.size();
    bool fits = true;
    for (auto piece = first.size() + 1; fits && piece < pattern.size();) {
      const auto next = std::min(pattern.find('~', piece), pattern.size());
      const auto found = text.find(pattern.substr(piece, next - piece), end);
      fits = found != std::string::npos && found <= line_end;
      end = found + next - piece;
      piece = next + 1;
    }
    if (fits)
      return end;
  }
  return std::string::npos;
}

// The first of the patterns that does not come behind those before it; empty: they all do.
std::string missing(const std::string& text, const std::vector<std::string>& patterns) {
  std::size_t at = 0;
  for (const auto& p : patterns)
    if (at = behind(text, p, at); at == std::string::npos)
      return p;
  return "";
}

// Whether they are the same, with the keys of objects in the same order; "*" is any text.
bool is_like(const ordered_json& wanted, const ordered_json& got) {
  if (wanted == "*")
    return got.is_string() && !got.get<std::string>().empty();
  if (!wanted.is_object())
    return wanted == got;
  return got.is_object() && std::ranges::equal(wanted.items(), got.items(), [](const auto& a, const auto& b) {
           return a.key() == b.key() && is_like(a.value(), b.value());
         });
}

void run_to_its_end(const place& here, const ordered_json& command) {
  const auto line = command.at("typed").get<std::string>();
  INFO(line);
  program p(here.typed(line), "/bin/bash");
  const auto status = p.wait();
  INFO(p.output());
  CHECK(status == command.value("status", 0));
  CHECK(missing(p.output(), texts(command, "says")) == "");
}

void run_all(const place& here, const ordered_json& shown, const char* key) {
  for (const auto& command : shown.value(key, ordered_json::array()))
    run_to_its_end(here, command);
}

void await(program& p, const std::vector<std::string>& says) {
  std::map<std::string, int> times;
  for (const auto& text : says) {
    INFO(p.output());
    REQUIRE(p.says(text, ++times[text]));
  }
}

// Of a program that has ended.
void check_output(const place& here, const ordered_json& shown, const std::string& output) {
  INFO(output);
  CHECK(missing(output, texts(shown, "prints")) == "");
  for (const auto& never : texts(shown, "never"))
    CHECK(output.find(never) == std::string::npos);
  if (shown.value("prints_nothing", false))
    CHECK(output == "");
  if (const auto wanted = shown.find("json"); wanted != shown.end()) {
    const auto begin = output.find('{');
    REQUIRE(begin != std::string::npos);
    const auto got = ordered_json::parse(output.substr(begin, output.rfind('}') + 1 - begin), nullptr, false);
    CHECK(is_like(*wanted, got));
  }
  const auto files = shown.value("files", ordered_json::object());
  for (const auto& [name, content] : files.items()) {
    INFO(name);
    CHECK(missing(here.file(name), content.get<std::vector<std::string>>()) == "");
  }
}

void run_row(const ordered_json& row) {
  const auto& shown = row.at("shown");
  const place here;
  std::deque<program> beside;
  for (const auto& b : shown.value("beside", ordered_json::array())) {
    beside.emplace_back(here.typed("exec " + b.at("typed").get<std::string>()), "/bin/bash");
    await(beside.back(), texts(b, "says"));
  }
  run_all(here, shown, "before");
  const auto line = shown.value("run", row.at("typed").get<std::string>());
  const bool ends = shown.value("ends", false);
  program p(here.typed((ends ? "" : "exec ") + line), "/bin/bash");
  if (!ends) {
    await(p, texts(shown, "says"));
    run_all(here, shown, "then");
    p.signal(shown.at("signal") == "INT" ? SIGINT : SIGTERM);
  }
  CHECK(p.wait() == shown.at("status").get<int>());
  {
    INFO(p.output());
    CHECK(missing(p.output(), texts(shown, "says")) == "");
  }
  run_all(here, shown, "after");
  check_output(here, shown, p.output());
  if (const auto said = texts(shown, "beside_prints"); !said.empty())
    await(beside.front(), said);
}

// The services of docker-compose.yml in the order of their starts, as processes of this machine.
void run_compose(const ordered_json& shown) {
  const place here;
  const auto file = test::read(source + "/docker-compose.yml");
  std::deque<program> services;
  for (const auto& name : texts(shown, "compose")) {
    const auto service = file.find("\n  " + name + ":\n");
    REQUIRE(service != std::string::npos);
    const std::string key = "command: ";
    const auto begin = file.find(key, service) + key.size();
    services.emplace_back(
      here.typed("exec socketqueue " + file.substr(begin, file.find('\n', begin) - begin)), "/bin/bash");
    if (name == "echo-server")
      await(services.back(), {"Echo server listens on port 5000"});
    if (name == "socket-queue")
      await(services.back(), {"Connected to upstream"});
  }
  await(services.back(), texts(shown, "says"));
  for (auto service = services.rbegin(); service != services.rend(); ++service) {
    service->signal(SIGTERM);
    CHECK(service->wait() == 0);
  }
}

// What is shown by running something, or by files.
void show(const std::string& section, bool is_section = true) {
  if (!has_own_network())
    return;
  std::size_t count = 0;
  for (const auto& row : rows()) {
    if ((row.at("section") == section) != is_section || !row.contains("shown"))
      continue;
    ++count;
    INFO(row.at("typed").get<std::string>());
    const auto& shown = row.at("shown");
    if (shown.contains("compose"))
      run_compose(shown);
    else if (shown.contains("status"))
      run_row(row);
    else
      check_output(place(), shown, "");
  }
  CHECK(count > 10);
}

// All that tests and stories are called by.
std::string all_of_tests() {
  std::string all;
  for (const auto& file : fs::recursive_directory_iterator(source + "/tests"))
    if (file.path().extension() == ".cpp")
      all += test::read(file.path().string());
  return all;
}

}  // namespace

TEST_CASE("what the old program's README has typed does what it says, but for the program's name") {
  show("Options", false);
}

TEST_CASE("each option of the old program has its effect") { show("Options"); }

TEST_CASE(
  "each option of the old program is accepted on the command line and in the README's configuration") {
  // --check looks whether the ports are free, and other tests may have them.
  if (!has_own_network())
    return;
  const place here;
  for (const auto& row : rows()) {
    if (row.at("section") != "Options")
      continue;
    auto config = ordered_json::parse(readme_config);
    for (const auto& without : texts(row, "without"))
      config.erase(without);
    test::write(here.path("config.json"), config.dump(1));
    std::string apart = "socketqueue -c config.json", joined = apart;
    for (const auto& [name, value] : row.at("option").items()) {
      config[name] = value;
      auto word = value.is_string() ? value.get<std::string>() : value.dump();
      word = "'" + word + "'";
      apart += " --" + name + " " + word;
      joined += " --" + name + "=" + word;
    }
    test::write(here.path("with.json"), config.dump(1));
    for (const auto& line : {apart, joined, std::string("socketqueue -c with.json")})
      run_to_its_end(here, {{"typed", line + " --check"},
                            {"says", ordered_json::array({"the configuration is in order"})}});
  }
}

TEST_CASE("the table names all options of the old program, and ours has them") {
  // Its options are those of docs/MIGRATING.md's first paragraph: their names, as its --help lists them.
  const std::string names =
    "hostConfig smartVista openWay overrides upstreamHost upstreamPort upstreamListenPort listenPort "
    "listenHttpPort upstreamTimeout clientTimeout maxQueue queueLockTerminal queueTimeout queueShortTimeout "
    "queueMessageKeyFields noAutoReversal logFile pidFile logstashHost logstashPort logstashNode "
    "echoServerPort testClients testTargetHost testTargetPort testRealLife statServerPort statDumpFile c v "
    "vv "
    "dangerous useHeader headerFormat lengthIncludeHeader silent help helpJson";
  std::istringstream words(names);
  program help({"--help"});
  CHECK(help.wait() == 0);
  for (std::string name; words >> name;) {
    INFO(name);
    CHECK(std::ranges::any_of(rows(), [&](const ordered_json& row) {
      const auto typed = row.at("typed").get<std::string>();
      return row.at("section") == "Options" && (typed == "--" + name || typed.starts_with("--" + name + "="));
    }));
    CHECK(help.output().find((name.size() == 1 ? "-" : "--") + name) != std::string::npos);
  }
}

TEST_CASE("where ours does another thing than the old program, MIGRATING says so, and each row is shown") {
  const auto page = test::read(source + "/docs/MIGRATING.md");
  const auto tests = all_of_tests();
  for (const auto& row : rows()) {
    INFO(row.at("typed").get<std::string>());
    for (const auto& differs : texts(row, "differs")) {
      INFO(differs);
      CHECK((page.find("\n| " + differs + " |") != std::string::npos ||
             page.find("\n" + differs + " is the old option") != std::string::npos));
    }
    if (!row.at("ours").get<std::string>().starts_with("the same"))
      CHECK_FALSE(texts(row, "differs").empty());
    CHECK((row.contains("shown") || row.contains("test")));
    if (const auto named = row.value("test", ""); named.ends_with(".scenario"))
      CHECK(fs::exists(source + "/" + named));
    else if (!named.empty())
      CHECK(tests.find("\"" + named + "\"") != std::string::npos);
    if (row.value("docker", false))
      CHECK(row.at("shown").contains(row.at("shown").contains("compose") ? "compose" : "files"));
  }
}
