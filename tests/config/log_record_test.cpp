#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <ctime>

#include "config/log_record.hpp"

using namespace config::log;

namespace {

// 2015-08-31 18:22:57.042 UTC
constexpr std::chrono::system_clock::time_point then{std::chrono::milliseconds(1441045377042)};

template <class Append>
std::string written(const record& r, Append append) {
  std::string out;
  append(out, r);
  return out;
}

struct utc {
  utc() {
    setenv("TZ", "UTC", 1);
    tzset();
  }
};

}  // namespace

TEST_CASE("a line of text has the old program's form and levels, and its subject at the end") {
  const utc zone;
  const std::tuple<level, std::string, subject, std::string> rows[]{
    {level::info, "New queue item 1", {}, "info: New queue item 1"},
    {level::notice, "Connected", {}, "info: Connected"},
    {level::warning, "Lost", {}, "warn: Lost"},
    {level::error, "Failed", {7}, "error: Failed [txn 7]"},
    {level::verbose, "[02630200...]", {7, "txn_0a"}, "verbose: [02630200...] [txn 7 txn_0a]"},
    {level::info, "a\nb\x1b\xe9", {0, "txn_0a"}, "info: a\\nb\\x1b\u00e9 [txn_0a]"},
  };
  for (const auto& [l, text, about, seen] : rows) {
    record r(l, text, about);
    r.at = then;
    CHECK(written(r, append_text) == "2015-08-31 18:22:57 - " + seen + "\n");
  }
}

TEST_CASE("a table has several lines, and its subject where it says whose it is") {
  const utc zone;
  int made = 0;
  record r(level::verbose, [&made] { return ++made, std::string("\n\n127.0.0.1:5\n====\n\n  x\x1b[2J\n"); },
           {7});
  r.at = then;
  CHECK(made == 0);
  CHECK(written(r, append_text) ==
        "2015-08-31 18:22:57 - verbose: \n\n127.0.0.1:5 [txn 7]\n====\n\n  x\\x1b[2J\n\n");
  CHECK(nlohmann::json::parse(written(r, append_json)).at("message") ==
        "\n\n127.0.0.1:5\n====\n\n  x\\x1b[2J\n");
  CHECK(made == 1);
}

TEST_CASE("a line of JSON is one object with what is known of its subject") {
  record r(level::warning, "a \"quoted\\ \xff\n\u2028 text", {7, "txn_0a", "0200", "00000042", "000001"});
  r.at = then;
  const auto text = written(r, append_json);
  CHECK(text.find('\n') == text.size() - 1);
  const auto json = nlohmann::json::parse(text);
  CHECK(json == nlohmann::json{{"time", "2015-08-31T18:22:57.042Z"},
                               {"level", "warn"},
                               {"message", "a \"quoted\\ \u00ff\\n\\u2028 text"},
                               {"transaction", 7},
                               {"public_id", "txn_0a"},
                               {"mti", "0200"},
                               {"tid", "00000042"},
                               {"stan", "000001"}});
  record bare(level::info, "x", {});
  bare.at = then;
  CHECK(written(bare, append_json) ==
        "{\"time\":\"2015-08-31T18:22:57.042Z\",\"level\":\"info\",\"message\":\"x\"}\n");
}

TEST_CASE("a line for Logstash has the old program's keys") {
  record r(level::info, "x", {7});
  r.at = then;
  std::string text;
  append_logstash(text, r, "till \"7\"");
  CHECK(nlohmann::json::parse(text) == nlohmann::json{{"level", "info"},
                                                      {"label", "till \"7\""},
                                                      {"message", "x"},
                                                      {"timestamp", "2015-08-31T18:22:57.042Z"},
                                                      {"@timestamp", "2015-08-31T18:22:57.042Z"},
                                                      {"transaction", 7}});
}

TEST_CASE("for journald each line has its priority in front") {
  std::string out = "before\n";
  out += "a\n\nb\n";
  add_priority(out, 7, level::verbose);
  CHECK(out == "before\n<7>a\n<7>\n<7>b\n");
  for (const auto& [l, mark] : {std::pair(level::info, "<6>"), std::pair(level::notice, "<5>"),
                                std::pair(level::warning, "<4>"), std::pair(level::error, "<3>")}) {
    std::string text = "x\n";
    add_priority(text, 0, l);
    CHECK(text == mark + std::string("x\n"));
  }
}
