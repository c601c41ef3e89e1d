// The files that the option table makes.

#include "config/schema.hpp"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "config/config_file.hpp"
#include "config/load.hpp"
#include "tests/store/directory.hpp"
#include "tests/support/json_schema.hpp"

namespace {

const std::string shipped = std::string(SOURCE_DIR) + "/packaging/socketqueue.schema.json";

// What the schema says is wrong with the file's content.
std::string faults_of(const std::string& path) {
  const auto opened = config::config_file::open(path);
  if (const auto* why = std::get_if<std::string>(&opened))
    return *why;
  const auto schema = nlohmann::json::parse(config::file_schema());
  return support::json_schema(schema).faults(std::get<config::config_file>(opened).content(), schema);
}

}  // namespace

TEST_CASE("the schema that is shipped is the one of this program") {
  // After a change of the options: socketqueue --helpJson=schema >packaging/socketqueue.schema.json
  CHECK(test::read(shipped) == config::file_schema());
}

TEST_CASE("the file of all defaults is read again, means the defaults, and fits the schema") {
  const test::directory home;
  const auto path = home / "defaults.json";
  for (const bool by_sections : {false, true}) {
    const auto text = config::default_file(by_sections);
    test::write(path, text);
    CHECK(faults_of(path) == "");
    const std::vector<const char*> with{"-c", path.c_str(), "--echoServerPort=1"},
      without{"--echoServerPort=1"};
    const auto read = config::load_all(with, {}), plain = config::load_all(without, {});
    CHECK(read.faults == std::vector<std::string>{});
    const auto &a = read.what, &b = plain.what;
    CHECK(a.upstreams == b.upstreams);
    CHECK(a.queue.timeout == b.queue.timeout);
    CHECK(a.queue.messages_max == b.queue.messages_max);
    CHECK(a.delivery.unconfirmed_age == b.delivery.unconfirmed_age);
    CHECK(a.admin.address == b.admin.address);
    CHECK(a.drain_timeout == b.drain_timeout);
    CHECK(a.journal.directory == b.journal.directory);
  }
  for (const auto& group : config::option_groups())
    for (const auto& o : group.options)
      if (o.stands == config::standing::everywhere)
        CHECK_THAT(config::default_file(false), Catch::Contains("\"" + std::string(o.name) + "\": "));
}

TEST_CASE("the schema takes what the program takes, and refuses what it refuses") {
  const test::directory home;
  const auto path = home / "gateway.json";
  const auto fits = [&](const std::string& text) {
    test::write(path, text);
    const auto schema_says = faults_of(path);
    const std::vector<const char*> arguments{"-c", path.c_str()};
    INFO(text << "\n" << schema_says);
    CHECK(schema_says.empty() == config::load_all(arguments, {}).faults.empty());
    return schema_says.empty();
  };
  CHECK(fits(R"({"upstreamHost": "h", "upstreamPort": 1, "listenPort": "2014", "vv": true})"));
  CHECK(fits(
    R"({"upstream": {"host": "h", "port": 1, "echo": {"interval": 0}}, "clients": {"raw": {"port": 2}}})"));
  CHECK(fits(R"({"echoServerPort": 1, "queueMessageKeyFields": [11, 41], "stanScope": "day", "c": ""})"));
  CHECK(fits(R"({"listenPort": 1, "upstreams": [{"name": "a", "upstreamHost": "h", "upstreamPort": 1,
    "setFields": {"24": "001"}}], "groups": [{"name": "g", "links": ["a"], "order": "in_turn",
    "back": "60s stable"}],
    "routes": [{"group": "g"}]})"));
  CHECK_FALSE(fits(R"({"echoServerPort": 70000})"));
  CHECK_FALSE(fits(R"({"echoServerPort": 1, "stanScope": "week"})"));
  CHECK_FALSE(fits(R"({"echoServerPort": 1, "queueTimeout": 0})"));
  CHECK_FALSE(fits(R"({"echoServerPort": 1, "upstream": {"prot": 5}})"));
  CHECK_FALSE(fits(R"({"echoServerPort": 1, "upstrem": {}})"));
  CHECK_FALSE(fits(R"({"echoServerPort": 1, "help": true})"));
}

TEST_CASE("the configuration file in the README is read, and fits the schema") {
  const auto readme = test::read(std::string(SOURCE_DIR) + "/README.md");
  const auto begin = readme.find("    {\n      // --helpJson=sections");
  REQUIRE(begin != readme.npos);
  const auto end = readme.find("\n    }\n", begin);
  REQUIRE(end != readme.npos);
  const test::directory home;
  const auto path = home / "gateway.json";
  test::write(path, readme.substr(begin, end + 6 - begin));
  CHECK(faults_of(path) == "");
  const std::vector<const char*> arguments{"-c", path.c_str()};
  const auto all = config::load_all(arguments, {});
  CHECK(all.faults == std::vector<std::string>{});
  CHECK(all.what.upstreams.front().liveness.echo_interval == std::chrono::seconds(30));
  CHECK(all.what.http_listeners.front().port == 8080);
}
