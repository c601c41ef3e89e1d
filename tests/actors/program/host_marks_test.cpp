// Which changes of an operator make another host of one that got transactions.

#include "actors/program/host_marks.hpp"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "config/dialects.hpp"
#include "config/load.hpp"
#include "tests/store/directory.hpp"

namespace {

using marks = std::map<std::string, std::uint64_t>;

config::settings settings_of(const std::string& json) {
  const test::directory home;
  const auto path = home / "settings.json";
  test::write(path, json);
  const char* arguments[] = {"-c", path.c_str()};
  const auto read = config::load(arguments);
  if (const auto* why = std::get_if<std::string>(&read))
    FAIL(*why);
  return std::get<config::settings>(read);
}

marks marks_of(const std::string& json) { return actors::marks_of_hosts(settings_of(json)); }

// One host: its address, port and further options.
marks one(const std::string& host, int port, const std::string& more = "") {
  return marks_of(R"({"listenPort": 2014, "upstreamHost": ")" + host + R"(", "upstreamPort": )" +
                  std::to_string(port) + more + "}");
}

std::string link(const std::string& name, int port, const std::string& more = "") {
  return R"({"name": ")" + name + R"(", "upstreamHost": "10.0.0.1", "upstreamPort": )" +
         std::to_string(port) + more + "}";
}

// Two groups, of which the second has one link.
marks two(const std::string& first_links, const std::string& names, const std::string& more = "") {
  return marks_of(R"({"listenPort": 2014, "hostConfig": "smartVista")" + more + R"(, "upstreams": [)" +
                  first_links + ", " + link("other", 9000) + R"(], "groups": [{"name": "first", "links": [)" +
                  names + R"(]}, {"name": "second", "links": ["other"]}],
                  "routes": [{"cards": "4", "group": "second"}, {"group": "first"}]})");
}

}  // namespace

TEST_CASE("a host at another address or in another dialect has another mark, and else the same") {
  const auto before = one("10.0.0.1", 5000);
  REQUIRE(before.size() == 1);
  CHECK(before.begin()->second != 0);
  CHECK(before == one("10.0.0.1", 5000));
  CHECK(before == one("10.0.0.1", 5000, R"(, "echoInterval": 7, "queueTimeout": 9)"));
  CHECK(before != one("10.0.0.2", 5000));
  CHECK(before != one("10.0.0.1", 5001));
  CHECK(before != one("10.0.0.1", 5000, R"(, "hostConfig": "iso87-ascii")"));
  CHECK(before != one("10.0.0.1", 5000, R"(, "overrides": "48:ans:3")"));
}

TEST_CASE("a host whose dialect's file, or the file of what it does, has another text has another mark") {
  const test::directory home;
  const auto dialect = home / "bank.json", exchange = home / "exchange.json";
  const auto now = [&] {
    return one("10.0.0.1", 5000,
               R"(, "hostConfig": ")" + dialect + R"(", "exchangeConfig": ")" + exchange + "\"");
  };
  test::write(dialect, std::string(config::built_in_dialect("iso87-ascii")));
  test::write(exchange, R"({"reversal": {"without": [55]}})");
  const auto before = now();
  CHECK(before == now());
  test::write(exchange, R"({"reversal": {"without": [52, 55]}})");
  const auto other_reversal = now();
  CHECK(before != other_reversal);
  test::write(dialect, std::string(config::built_in_dialect("iso87-bcd")));
  CHECK(other_reversal != now());
}

TEST_CASE("what is only for people in the file of a dialect makes no other host of one") {
  const test::directory home;
  const auto dialect = home / "bank.json", exchange = home / "exchange.json";
  const auto now = [&] {
    return one("10.0.0.1", 5000,
               R"(, "hostConfig": ")" + dialect + R"(", "exchangeConfig": ")" + exchange + "\"");
  };
  auto file = nlohmann::json::parse(config::built_in_dialect("postilion"));
  nlohmann::json rules{{"rrn", {{"fill", true}}}};
  const auto write = [&] {
    test::write(dialect, file.dump());
    test::write(exchange, rules.dump());
  };
  write();
  const auto before = now();
  file["note"] = "spoken to on Monday";
  file["name"] = "First Bank";
  file["$schema"] = "dialect.schema.json";
  file["network"]["note"] = "by their document of 2024";
  file["responseCodes"]["00"] = "Yes";
  file["examples"]["purchase"]["fields"]["3"] = "200000";
  file["fields"][3]["name"] = "The amount";
  file["fields"][3]["note"] = "in cents";
  file["fields"][2]["values"] = {{"000000", "Purchase"}};
  rules["note"] = "as agreed";
  rules["rrn"]["note"] = "theirs is longer";
  test::write(dialect, file.dump(2));
  test::write(exchange, rules.dump(2));
  CHECK(before == now());
  // A value that a field must have is no word for people.
  auto words = file;
  file["fields"][2]["onlyValues"] = true;
  write();
  CHECK(before != now());
  file = words;
  for (const auto& [pointer, value] :
       {std::pair("/fields/3/alias", R"("sum")"), std::pair("/fields/3/length", "10"),
        std::pair("/reversal/without", "[38]"), std::pair("/reversal/set", R"({"24": "400"})"),
        std::pair("/fields/3/privacy", R"("free")")}) {
    INFO(pointer);
    file[nlohmann::json::json_pointer(pointer)] = nlohmann::json::parse(value);
    write();
    CHECK(before != now());
    file = words;
  }
}

TEST_CASE("a mark is that of the dialect in use, also where its file says another thing by now") {
  const test::directory home;
  const auto dialect = home / "bank.json";
  test::write(dialect, std::string(config::built_in_dialect("iso87-ascii")));
  const auto s = settings_of(R"({"listenPort": 2014, "hostConfig": "smartVista", "upstreams": [)" +
                             link("a", 1, R"(, "hostConfig": ")" + dialect + "\"") + "]}");
  const auto in_use = actors::texts_of(s);
  const auto before = actors::marks_of_hosts(s);
  test::write(dialect, std::string(config::built_in_dialect("iso87-bcd")));
  CHECK(actors::marks_of_hosts(s, in_use) == before);
  CHECK(actors::marks_of_hosts(s) != before);
}

TEST_CASE("a group has another mark when one of its links is another, and not for their order or names") {
  const auto before = two(link("a", 1) + "," + link("b", 2), R"("a", "b")");
  REQUIRE(before.size() == 2);
  CHECK(before == two(link("b", 2) + "," + link("a", 1), R"("b", "a")"));
  CHECK(before == two(link("c", 1) + "," + link("d", 2), R"("c", "d")"));
  const auto changed = [&](const marks& now) {
    return std::pair(now.at("first") != before.at("first"), now.at("second") != before.at("second"));
  };
  const std::pair only_the_first(true, false), both(true, true);
  CHECK(changed(two(link("a", 1), R"("a")")) == only_the_first);
  CHECK(changed(two(link("a", 1) + "," + link("b", 3), R"("a", "b")")) == only_the_first);
  const auto own = [](const char* fields) {
    return link("b", 2, std::string(R"(, "hostConfig": "iso93-ascii", "setFields": {)") + fields + "}");
  };
  const auto translated = two(link("a", 1) + "," + own(R"("22": "000000000000")"), R"("a", "b")");
  CHECK(changed(translated) == only_the_first);
  CHECK(translated.at("first") !=
        two(link("a", 1) + "," + own(R"("22": "100000000000")"), R"("a", "b")").at("first"));
  // What clients sent is in their dialect.
  CHECK(changed(two(link("a", 1) + "," + link("b", 2), R"("a", "b")", R"(, "overrides": "48:ans:3")")) ==
        both);
}
