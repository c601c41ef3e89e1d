// Reads the sources: what each folder may include, and how long lines, functions and files may be.

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct included {
  std::string by;    ///< "actors/client/session.cpp"
  std::string what;  ///< "codec/pack.hpp", "caf/all.hpp"
};

std::vector<included> includes_of(const std::string& folder) {
  std::vector<included> all;
  const std::regex line(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(SOURCE_DIR) / folder)) {
    const auto extension = entry.path().extension();
    if (extension != ".hpp" && extension != ".cpp")
      continue;
    std::ifstream file(entry.path());
    for (std::string text; std::getline(file, text);)
      if (std::smatch found; std::regex_search(text, found, line))
        all.push_back({fs::relative(entry.path(), SOURCE_DIR).string(), found[1]});
  }
  return all;
}

bool begins(const std::string& text, const std::string& with) {
  return text.compare(0, with.size(), with) == 0;
}

// Headers of the standard library and of the system have no folder, or one of these; SQLite's has none
// either.
bool is_standard(const std::string& what) {
  if (what == "sqlite3.h")
    return false;
  return what.find('/') == std::string::npos || begins(what, "sys/") || begins(what, "netinet/") ||
         begins(what, "linux/");
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

std::vector<std::string> folders() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(SOURCE_DIR) / "actors"))
    if (entry.is_directory())
      names.push_back(entry.path().filename().string());
  REQUIRE(names.size() > 5);
  return names;
}

bool is_word_of_all(const std::string& what) {
  return what == "actors/transaction/lifecycle.hpp" || what == "actors/transaction/refusal.hpp" ||
         what == "actors/transaction/operator_decision.hpp" ||
         what == "actors/transaction/transaction_record.hpp";
}

// Who of a folder may know more than all do, and what; "nlohmann/" is JSON.
struct exception {
  std::string by, what;
};

const std::vector<exception> exceptions{
  {"actors/metrics/labelled_counters.", "prometheus/"},
  {"actors/metrics/observed_times.", "prometheus/"},
  {"actors/metrics/prometheus.", "prometheus/"},
  {"actors/metrics/process.", "prometheus/"},
  {"actors/metrics/alarm_watch.", "nlohmann/"},
  {"actors/metrics/totals_json.", "nlohmann/"},
  {"actors/http/", "actors/client/"},
  {"actors/http/", "nlohmann/"},
  {"actors/journal/older_records.", "nlohmann/"},
  {"actors/operator/admin_", "actors/client/"},
  {"actors/operator/admin_", "actors/http/"},
  {"actors/operator/admin_", "nlohmann/"},
  {"actors/operator/admin_describe.", "inspect/"},
  {"actors/operator/case_page.", "actors/reversal/retry_schedule.hpp"},
  {"actors/operator/operator_requests.", "nlohmann/"},
  {"actors/core/digest.", "openssl/evp.h"},
  {"actors/core/json_object.", "nlohmann/"},
  {"actors/core/inspection_json.", "fmt/"},
  {"actors/client/webhook.", "nlohmann/"},
  {"actors/remote/node_config.", "openssl/"},
  {"actors/remote/", "fmt/"},
  {"actors/operator/operator_command.", ""},
  {"actors/journal/record_form.", "store/number_form.hpp"},
};

bool may_know(const std::string& folder, const included& i) {
  for (const auto* what : {"caf/", "codec/", "config/", "actors/core/", "actors/protocol/", "net/http/"})
    if (begins(i.what, what))
      return true;
  for (const auto* what : {"net/link.hpp", "net/loop.hpp", "net/framing.hpp", "net/frame/format.hpp",
                           "store/journal_store.hpp", "store/sealing.hpp", "store/writer.hpp"})
    if (i.what == what)
      return true;
  for (const auto& e : exceptions)
    if (begins(i.by, e.by) && begins(i.what, e.what))
      return true;
  return begins(i.what, "actors/" + folder + "/") || is_word_of_all(i.what);
}

const std::vector<std::string> product{"codec",   "net",    "store",  "config",
                                       "inspect", "sender", "actors", "scenarios"};

struct source {
  std::string name;
  std::vector<std::string> lines;
};

std::vector<source> sources_of(const std::string& folder) {
  std::vector<source> all;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(SOURCE_DIR) / folder)) {
    const auto extension = entry.path().extension();
    if (extension != ".hpp" && extension != ".cpp")
      continue;
    auto& s = all.emplace_back();
    s.name = fs::relative(entry.path(), SOURCE_DIR).string();
    std::ifstream file(entry.path());
    for (std::string text; std::getline(file, text);)
      s.lines.push_back(text);
  }
  return all;
}

// Columns, not bytes.
std::size_t width(const std::string& line) {
  return static_cast<std::size_t>(
    std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t indentation(const std::string& line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// As clang-format lays them out: a function begins in a line of no or one indentation that ends in "{", holds
// a ")" and no word of what is no function, and ends at the next "}" of the same indentation.
bool begins_function(const std::string& line) {
  static const std::regex other(
    R"(^ *(namespace|class|struct|enum|union|extern|public|private|switch|if|for|while|else|do)\b)");
  return indentation(line) <= 2 && line.ends_with("{") && line.find(')') != std::string::npos &&
         line.find("= {") == std::string::npos && !std::regex_search(line, other);
}

std::size_t length_of_function(const source& s, std::size_t begin) {
  // Where its head takes several lines, the last one is indented further, or lists members.
  auto first = begin;
  const auto continues = [](const std::string& line) {
    const auto at = indentation(line);
    return (at != 0 && at != 2) || line[at] == ':';
  };
  while (first > 0 && continues(s.lines[first]))
    --first;
  const auto end = std::string(indentation(s.lines[first]), ' ') + "}";
  for (auto i = begin + 1; i < s.lines.size(); ++i)
    if (begins(s.lines[i], end))
      return i - first + 1;
  return 0;
}

// Tables of data, which a reader does not read from top to bottom.
const std::set<std::string> tables{"const std::vector<row>& table() {"};

}  // namespace

TEST_CASE("codec knows the standard library, and JSON in dialect_file and text alone") {
  CHECK(strangers("codec", [](const included& i) {
          const bool may_read_json = begins(i.by, "codec/text/") || begins(i.by, "codec/dialect/file/") ||
                                     i.by == "codec/dialect/dialect_file.cpp";
          return begins(i.what, "codec/") || (begins(i.what, "nlohmann/") && may_read_json);
        }) == "");
}

TEST_CASE("net knows Asio and itself, neither ISO 8583 nor actors") {
  CHECK(strangers("net", [](const included& i) {
          return begins(i.what, "net/") || begins(i.what, "boost/") || i.what == "openssl/ssl.h";
        }) == "");
}

TEST_CASE("store knows SQLite, OpenSSL and itself, neither ISO 8583 nor actors") {
  CHECK(strangers("store", [](const included& i) {
          return begins(i.what, "store/") || begins(i.what, "openssl/") || i.what == "sqlite3.h";
        }) == "");
}

TEST_CASE("config knows fmt, JSON and itself") {
  CHECK(strangers("config", [](const included& i) {
          return begins(i.what, "config/") || begins(i.what, "fmt/") || begins(i.what, "nlohmann/");
        }) == "");
}

TEST_CASE("the tools know the codec, the configuration, framing and JSON, neither actors nor sockets") {
  CHECK(strangers("inspect", [](const included& i) {
          return begins(i.what, "inspect/") || begins(i.what, "codec/") || begins(i.what, "config/") ||
                 i.what == "net/framing.hpp" || begins(i.what, "net/frame/") || begins(i.what, "nlohmann/") ||
                 (begins(i.what, "boost/property_tree/") && i.by == "inspect/import/jpos.cpp");
        }) == "");
}

TEST_CASE("the command that sends knows what lies below actors, and of them the chosen dialect and frames") {
  CHECK(strangers("sender", [](const included& i) {
          return begins(i.what, "sender/") || begins(i.what, "codec/") || begins(i.what, "config/") ||
                 begins(i.what, "inspect/") || begins(i.what, "net/") || i.what == "nlohmann/json.hpp" ||
                 i.what == "actors/core/chosen_dialect.hpp" || i.what == "actors/core/framings.hpp";
        }) == "");
}

// What two folders must share without knowing each other is in protocol or core. Those named here belong to
// no folder: the lifecycle and the refusals are words of the protocol; HTTP is one of the ways of a client.
TEST_CASE("a folder of actors knows the protocol, the core, what lies below, and no other folder") {
  for (const auto& folder : folders()) {
    if (folder == "program")
      continue;
    CHECK(strangers("actors/" + folder, [&folder](const included& i) { return may_know(folder, i); }) == "");
  }
}

TEST_CASE("the core of the actors is told what to spawn, and knows no folder of them") {
  for (const auto& i : includes_of("actors/core"))
    if (begins(i.what, "actors/"))
      CHECK((begins(i.what, "actors/core/") || begins(i.what, "actors/protocol/") || is_word_of_all(i.what)));
}

TEST_CASE("stories are played with actors and links of memory, without sockets") {
  CHECK(strangers("scenarios/player", [](const included& i) {
          return begins(i.what, "scenarios/player/") || begins(i.what, "actors/") || begins(i.what, "caf/") ||
                 begins(i.what, "codec/") || begins(i.what, "config/") || begins(i.what, "store/") ||
                 i.what == "net/link.hpp" ||
                 (i.what == "nlohmann/json.hpp" && i.by == "scenarios/player/operator_verbs.cpp");
        }) == "");
}

TEST_CASE("the simulator knows actors, links of memory and JSON, without sockets") {
  CHECK(strangers("scenarios/simulator", [](const included& i) {
          return begins(i.what, "scenarios/simulator/") || begins(i.what, "scenarios/player/") ||
                 begins(i.what, "actors/") || begins(i.what, "caf/") || begins(i.what, "codec/") ||
                 begins(i.what, "config/") || begins(i.what, "store/") || i.what == "net/link.hpp" ||
                 i.what == "nlohmann/json.hpp";
        }) == "");
}

TEST_CASE("stories with sockets know Asio, framing and the wiring, and no actor") {
  CHECK(strangers("scenarios/real", [](const included& i) {
          return begins(i.what, "scenarios/player/") || begins(i.what, "scenarios/real/") ||
                 begins(i.what, "boost/asio/") || begins(i.what, "codec/") || begins(i.what, "config/") ||
                 i.what == "net/framing.hpp" || i.what == "net/local/client.hpp" ||
                 (i.what == "actors/core/framings.hpp" && i.by == "scenarios/real/framing.cpp");
        }) == "");
}

TEST_CASE("the demo knows the accounts of the emulator, and no other actor") {
  CHECK(strangers("scenarios/demo", [](const included& i) {
          return begins(i.what, "scenarios/demo/") || begins(i.what, "scenarios/real/") ||
                 begins(i.what, "codec/") || begins(i.what, "config/") || begins(i.what, "net/") ||
                 i.what == "actors/core/chosen_dialect.hpp" || i.what == "actors/core/framings.hpp" ||
                 i.what == "actors/emulator/bank_ledger.hpp" || i.what == "actors/protocol/upstreams.hpp";
        }) == "");
}

TEST_CASE("the command that plays stories knows both ways of playing") {
  CHECK(strangers("scenarios/command", [](const included& i) {
          return begins(i.what, "scenarios/") || begins(i.what, "config/") ||
                 i.what == "actors/core/chosen_dialect.hpp" ||
                 (i.what == "nlohmann/json.hpp" && i.by == "scenarios/command/report.cpp");
        }) == "");
}

TEST_CASE("nothing below actors includes actors") {
  for (const auto* folder : {"codec", "net", "config", "inspect", "store"})
    for (const auto& i : includes_of(folder))
      CHECK_FALSE(begins(i.what, "actors/"));
}

TEST_CASE("what links net/link.hpp needs no Asio") {
  for (const auto& i : includes_of("net"))
    if (i.by == "net/link.hpp" || i.by == "net/loop.hpp" || i.by == "net/http/http.hpp" ||
        i.by == "net/http/poster.hpp")
      CHECK_FALSE(begins(i.what, "boost/"));
}

// Dialect files speak of numbers by trade, and codec/message is what others call with them; the simulator
// writes test messages, as tests do.
TEST_CASE("a field of a message is named by codec/fields, not by a number in the code") {
  const std::regex by_number(
    R"(\b(m|message|request|response|reversal|original|answer)\[\d+\]|request\)\[\d+\]|response\)\[\d+\]|)"
    R"((\.|->)has\(\d+\)|\b(m|message|request|response|reversal|answer)\.(set|erase|take)\(\d+[,)]|)"
    R"((\.|->)find\(\d+\)|set_known\([^,()]*, \d+,|(\.|\b)number [=!]= ([2-9]|[1-9]\d+)\b)");
  std::size_t seen = 0;
  for (const auto& folder : {"codec", "actors", "config", "scenarios/player", "scenarios/real"})
    for (const auto& s : sources_of(folder)) {
      seen += static_cast<std::size_t>(std::ranges::count_if(
        s.lines, [](const auto& l) { return l.find("fields::") != std::string::npos; }));
      if (begins(s.name, "codec/dialect/dialect_file") || begins(s.name, "codec/dialect/file/") ||
          s.name == "codec/message.hpp")
        continue;
      for (std::size_t i = 0; i < s.lines.size(); ++i)
        if (std::regex_search(s.lines[i], by_number))
          FAIL_CHECK(s.name << ":" << i + 1 << " names a field by its number: " << s.lines[i]);
    }
  CHECK(seen > 100);
}

TEST_CASE("a line has at most 110 columns, and a file of the product at most 400 lines") {
  auto folders = product;
  folders.push_back("tests");
  for (const auto& folder : folders)
    for (const auto& s : sources_of(folder)) {
      if (folder != "tests" && s.lines.size() > 400)
        FAIL_CHECK(s.name << " has " << s.lines.size() << " lines");
      for (std::size_t i = 0; i < s.lines.size(); ++i)
        if (width(s.lines[i]) > 110)
          FAIL_CHECK(s.name << ":" << i + 1 << " has " << width(s.lines[i]) << " columns");
    }
}

TEST_CASE("a function of the product has at most 60 lines") {
  std::size_t seen = 0;
  for (const auto& folder : product)
    for (const auto& s : sources_of(folder))
      for (std::size_t i = 0; i < s.lines.size(); ++i) {
        if (!begins_function(s.lines[i]) || tables.contains(s.lines[i]))
          continue;
        ++seen;
        if (const auto length = length_of_function(s, i); length > 60)
          FAIL_CHECK(s.name << ":" << i + 1 << " begins a function of " << length << " lines");
      }
  CHECK(seen > 1000);
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
