// Reads the #include lines; fails when a folder knows a stranger.

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

struct included {
  std::string by;    ///< "actors/session.cpp"
  std::string what;  ///< "codec/pack.hpp", "caf/all.hpp"
};

std::vector<included> includes_of(const std::string& folder) {
  std::vector<included> all;
  const std::regex line(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  for (const auto& entry : fs::directory_iterator(fs::path(SOURCE_DIR) / folder)) {
    const auto extension = entry.path().extension();
    if (extension != ".hpp" && extension != ".cpp")
      continue;
    std::ifstream file(entry.path());
    for (std::string text; std::getline(file, text);)
      if (std::smatch found; std::regex_search(text, found, line))
        all.push_back({folder + "/" + entry.path().filename().string(), found[1]});
  }
  return all;
}

bool begins(const std::string& text, const std::string& with) { return text.compare(0, with.size(), with) == 0; }

// Headers of the standard library and of the system have no folder, or one of these; SQLite's has none either.
bool is_standard(const std::string& what) {
  if (what == "sqlite3.h")
    return false;
  return what.find('/') == std::string::npos || begins(what, "sys/") || begins(what, "netinet/") || begins(what, "linux/");
}

std::string strangers(const std::string& folder, const std::function<bool(const included&)>& may_know) {
  std::string found;
  const auto all = includes_of(folder);
  REQUIRE_FALSE(all.empty());
  for (const auto& i : all)
    if (!is_standard(i.what) && !may_know(i))
      found += i.by + " includes " + i.what + "\n";
  return found;
}

} // namespace

TEST_CASE("codec knows the standard library, and JSON in json and dialect_file alone") {
  CHECK(strangers("codec", [](const included& i) {
          const bool may_read_json = i.by == "codec/json.hpp" || i.by == "codec/json.cpp" || i.by == "codec/dialect_file.cpp" ||
                                     begins(i.by, "codec/named_json.");
          return begins(i.what, "codec/") || (begins(i.what, "nlohmann/") && may_read_json);
        }) == "");
}

TEST_CASE("net knows Asio and itself, neither ISO 8583 nor actors") {
  CHECK(strangers("net", [](const included& i) { return begins(i.what, "net/") || begins(i.what, "boost/"); }) == "");
}

TEST_CASE("store knows SQLite, OpenSSL and itself, neither ISO 8583 nor actors") {
  CHECK(strangers("store", [](const included& i) { return begins(i.what, "store/") || begins(i.what, "openssl/") || i.what == "sqlite3.h"; }) == "");
}

TEST_CASE("config knows spdlog, JSON and itself") {
  CHECK(strangers("config", [](const included& i) {
          return begins(i.what, "config/") || begins(i.what, "spdlog/") || begins(i.what, "nlohmann/");
        }) == "");
}

TEST_CASE("actors know CAF, codec, config, and of net the link and the loop, main and wiring know everybody") {
  CHECK(strangers("actors", [](const included& i) {
          if (i.by == "actors/main.cpp" || begins(i.by, "actors/wiring.") || begins(i.by, "actors/operator_command."))
            return true;
          return begins(i.what, "actors/") || begins(i.what, "caf/") || begins(i.what, "codec/") || begins(i.what, "config/") ||
                 i.what == "net/link.hpp" || i.what == "net/loop.hpp" || i.what == "net/http.hpp" ||
                 (begins(i.what, "nlohmann/") && (begins(i.by, "actors/http_") || begins(i.by, "actors/openapi."))) ||
                 (i.what == "openssl/evp.h" && i.by == "actors/digest.cpp") ||
                 (begins(i.what, "nlohmann/") && (i.by == "actors/journal_records.cpp" || i.by == "actors/operator_desk.cpp")) || i.what == "store/journal_store.hpp" ||
                 i.what == "store/sealing.hpp" || i.what == "store/writer.hpp";
        }) == "");
}

TEST_CASE("stories are played with actors and links of memory, without sockets") {
  CHECK(strangers("scenarios/player", [](const included& i) {
          return begins(i.what, "scenarios/player/") || begins(i.what, "actors/") || begins(i.what, "caf/") || begins(i.what, "codec/") ||
                 begins(i.what, "config/") || begins(i.what, "store/") || i.what == "net/link.hpp" ||
                 (i.what == "nlohmann/json.hpp" && i.by == "scenarios/player/operator_verbs.cpp");
        }) == "");
}

TEST_CASE("the simulator knows actors, links of memory and JSON, without sockets") {
  CHECK(strangers("scenarios/simulator", [](const included& i) {
          return begins(i.what, "scenarios/simulator/") || begins(i.what, "scenarios/player/") || begins(i.what, "actors/") || begins(i.what, "caf/") ||
                 begins(i.what, "codec/") || begins(i.what, "config/") || begins(i.what, "store/") || i.what == "net/link.hpp" || i.what == "nlohmann/json.hpp";
        }) == "");
}

TEST_CASE("stories with sockets know Asio, framing and the wiring, and no actor") {
  CHECK(strangers("scenarios/real", [](const included& i) {
          return begins(i.what, "scenarios/player/") || begins(i.what, "scenarios/real/") || begins(i.what, "boost/asio/") || begins(i.what, "codec/") ||
                 begins(i.what, "config/") || i.what == "net/framing.hpp" || i.what == "net/local_client.hpp" || (i.what == "actors/wiring.hpp" && i.by == "scenarios/real/framing.cpp");
        }) == "");
}

TEST_CASE("the command that plays stories knows both ways of playing") {
  CHECK(strangers("scenarios/command", [](const included& i) {
          return begins(i.what, "scenarios/") || begins(i.what, "config/") || i.what == "actors/chosen_dialect.hpp" ||
                 (i.what == "nlohmann/json.hpp" && i.by == "scenarios/command/report.cpp");
        }) == "");
}

TEST_CASE("nothing below actors includes actors") {
  for (const auto* folder : {"codec", "net", "config", "store"})
    for (const auto& i : includes_of(folder))
      CHECK_FALSE(begins(i.what, "actors/"));
}

TEST_CASE("what links net/link.hpp needs no Asio") {
  for (const auto& i : includes_of("net"))
    if (i.by == "net/link.hpp" || i.by == "net/loop.hpp")
      CHECK_FALSE(begins(i.what, "boost/"));
}

TEST_CASE("no test has a name that CTest cuts in two or takes for an option") {
  std::size_t seen = 0;
  const std::regex name(R"(^TEST_CASE\("([^"]*)\")");
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(SOURCE_DIR) / "tests")) {
    if (entry.path().extension() != ".cpp")
      continue;
    std::ifstream file(entry.path());
    for (std::string text; std::getline(file, text);)
      if (std::smatch found; std::regex_search(text, found, name)) {
        ++seen;
        INFO(found.str(1));
        CHECK(found.str(1).find_first_of(";[]*") == std::string::npos);
        CHECK(found.str(1).front() != '-');
      }
  }
  CHECK(seen > 100);
}
