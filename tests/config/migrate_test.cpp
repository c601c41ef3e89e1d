// What becomes of configuration files of the old program.

#include "config/migrate.hpp"

#include <catch2/catch.hpp>

#include "tests/store/directory.hpp"

namespace {

struct old_file {
  explicit old_file(const std::string& text) { test::write(path, text); }
  config::migration migrated() const { return std::get<config::migration>(config::migrate(path)); }

  test::directory directory;
  std::string path = directory / "old.json";
};

std::string what_of(const config::migration& m, const std::string& name) {
  for (const auto& o : m.options)
    if (o.name == name)
      return std::string(o.what);
  return "not listed";
}

}  // namespace

TEST_CASE("the configuration of the old program's README starts this one unchanged") {
  const old_file f(R"({
    "upstreamHost":    "10.0.0.1",
    "upstreamPort":    5000,
    "listenPort":      2014,
    "vv":              true,
    "logFile":         "log.txt"
})");
  const auto m = f.migrated();
  CHECK(m.starts());
  REQUIRE(m.options.size() == 5);
  CHECK(m.options.front().name == "upstreamHost");
  CHECK(m.options.back().where == "line 6, column 5");
  for (const auto& o : m.options)
    CHECK(o.what == "kept");
  CHECK_THAT(config::text_of(m, f.path), Catch::EndsWith("starts this program unchanged.\n"));
}

TEST_CASE("each option of an old file is kept, renamed, neutral, without effect or refused") {
  const auto m = old_file(R"({"upstreamListenPort": 5000, "listenPort": 2014, "c": "", "logstashPort": 0,
    "testTargetPort": 5, "upstreamTimeout": 60, "clientContract": "tcp", "echoInterval": 0.001, "banana": 1,
    "useHeader": false, "lengthIncludeHeader": true})")
                   .migrated();
  CHECK_FALSE(m.starts());
  CHECK(what_of(m, "listenPort") == "kept");
  CHECK(what_of(m, "upstreamTimeout") == "kept");
  CHECK(what_of(m, "c") == "neutral");
  CHECK(what_of(m, "logstashPort") == "neutral");
  CHECK(what_of(m, "testTargetPort") == "no effect");
  CHECK(what_of(m, "lengthIncludeHeader") == "no effect");
  CHECK(what_of(m, "clientContract") == "renamed");
  CHECK(what_of(m, "echoInterval") == "refused");
  CHECK(what_of(m, "banana") == "refused");
}

TEST_CASE("an old file that lacks what this program needs is told what") {
  const auto m = old_file(R"({"upstreamListenPort": 5000, "listenPort": 2014})").migrated();
  REQUIRE(m.faults.size() == 1);
  CHECK_THAT(m.faults.front(), Catch::Contains("needs upstreamAllow"));
  CHECK_THAT(config::json_of(m), Catch::Contains("\"starts\": false"));
  CHECK_THAT(old_file("{\"vv\": true, \"vv\": false}").migrated().faults.front(), Catch::Contains("twice"));
}

TEST_CASE("a file by sections is migrated option by option, and a note is of the value that it is about") {
  const auto m = old_file(R"({"$schema": "s",
    "upstream": {"host": "h", "port": 5000, "echo": {"interval": 0}},
    "listenPort": 2014, "noAutoReversal": false})")
                   .migrated();
  CHECK(m.starts());
  CHECK(m.options.size() == 5);
  CHECK(what_of(m, "upstream") == "not listed");
  CHECK(what_of(m, "upstream.host") == "kept");
  CHECK(what_of(m, "upstream.echo.interval") == "kept");
  CHECK(m.options.back().name == "noAutoReversal");
  CHECK(m.options.back().why.empty());
}

TEST_CASE("a name that stands twice is refused, and the other options are told of all the same") {
  const auto m = old_file(R"({"upstreamHost": "h", "upstreamPort": 5000, "listenPort": 1, "listenPort": 2,
    "banana": 1})")
                   .migrated();
  CHECK_FALSE(m.starts());
  CHECK(what_of(m, "listenPort") == "refused");
  CHECK(what_of(m, "upstreamHost") == "kept");
  CHECK(what_of(m, "banana") == "refused");
}
