// The lists `upstreams`, `groups` and `routes` of a configuration file.

#include <catch2/catch.hpp>

#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "config/links.hpp"
#include "config/load.hpp"
#include "config/route_ranges.hpp"

using Catch::Contains;
using namespace std::chrono_literals;

namespace {

// The settings of a file with these lists, and with what every gateway needs.
std::variant<config::settings, std::string> load(const std::string& lists,
                                                 std::vector<const char*> arguments = {}) {
  const auto path = "/tmp/socketqueue-links-test-" + std::to_string(getpid()) + ".json";
  std::ofstream(path) << "{\"listenPort\": 2014, " << lists << "}";
  arguments.insert(arguments.end(), {"-c", path.c_str()});
  auto loaded = config::load(arguments);
  std::remove(path.c_str());
  return loaded;
}

config::settings good(const std::string& lists, std::vector<const char*> arguments = {}) {
  auto loaded = load(lists, std::move(arguments));
  if (const auto* why = std::get_if<std::string>(&loaded))
    FAIL(*why);
  return std::get<config::settings>(std::move(loaded));
}

std::string bad(const std::string& lists, std::vector<const char*> arguments = {}) {
  const auto loaded = load(lists, std::move(arguments));
  return std::holds_alternative<std::string>(loaded) ? std::get<std::string>(loaded) : "";
}

const std::string two_links =
  R"("upstreams": [{"name": "main", "upstreamHost": "10.0.0.1", "upstreamPort": 5000},
                   {"name": "backup", "upstreamHost": "10.0.0.2", "upstreamPort": 5001}])";

const std::string three_links =
  R"("upstreams": [{"name": "a", "upstreamHost": "10.0.0.1", "upstreamPort": 5000},
                   {"name": "b", "upstreamHost": "10.0.0.2", "upstreamPort": 5000},
                   {"name": "c", "upstreamListenPort": 5000, "upstreamAllow": "10.0.0.3"}])";

const std::string two_groups = three_links +
                               R"(, "groups": [{"name": "visa", "links": ["a", "b"]},
                                               {"name": "rest", "links": ["c"]}])";

}  // namespace

TEST_CASE("links of a list are one unnamed group, used from the first on, where nothing else is said") {
  const auto s = good(two_links);
  REQUIRE(s.upstreams.size() == 2);
  CHECK(s.upstreams[0].name == "main");
  CHECK(s.upstreams[1].host == "10.0.0.2");
  CHECK(s.upstreams[1].port == 5001);
  REQUIRE(s.groups.size() == 1);
  CHECK(s.groups[0].name == "");
  CHECK(s.groups[0].links == std::vector<std::string>{"main", "backup"});
  CHECK(s.groups[0].order == config::link_order::first);
  CHECK(s.groups[0].back == 0s);
  CHECK(s.routes.empty());
}

TEST_CASE("a link has options of its own, and those beside the list where it says nothing") {
  const auto s = good(R"("hostConfig": "openWay", "echoInterval": 5, "upstreams": [
    {"name": "main", "upstreamHost": "h", "upstreamPort": 1, "hostConfig": "iso87-bcd",
     "headerFormat": "bin2", "networkConfig": "net.json", "queueMessageKeyFields": [11, 41, 42],
     "setFields": {"24": "001"}},
    {"name": "backup", "upstreamHost": "h", "upstreamPort": 2, "echoInterval": 1}])");
  CHECK(s.upstreams[0].dialect.name == "iso87-bcd");
  CHECK(s.upstreams[0].frame.format == "bin2");
  CHECK(s.upstreams[0].dialect.network == "net.json");
  CHECK(s.upstreams[0].dialect.key_fields == std::vector{11, 41, 42});
  CHECK(s.upstreams[0].set_fields == std::map<int, std::string>{{24, "001"}});
  CHECK(s.upstreams[0].liveness.echo_interval == 5s);
  CHECK(s.upstreams[1].dialect.name == "openWay");
  CHECK(s.upstreams[1].frame.format.empty());
  CHECK(s.upstreams[1].liveness.echo_interval == 1s);
  CHECK(s.raw_listeners.front().dialect.name == "openWay");
}

TEST_CASE("groups and routes are read as they stand") {
  const auto s = good(three_links + R"(, "groups": [
      {"name": "visa", "links": ["b", "a"], "order": "least_pending", "back": "60s stable", "formerly": [""]},
      {"name": "rest", "links": ["c"], "back": "at_once"}],
    "routes": [{"cards": "4000-4999", "terminals": "00000042-00000099", "group": "visa"},
               {"group": "rest"}])");
  REQUIRE(s.groups.size() == 2);
  CHECK(s.groups[0].links == std::vector<std::string>{"b", "a"});
  CHECK(s.groups[0].order == config::link_order::least_pending);
  CHECK(s.groups[0].back == 60s);
  CHECK(s.groups[0].before == std::vector<std::string>{""});
  REQUIRE(s.routes.size() == 2);
  CHECK(s.routes[0].group == "visa");
  CHECK(config::has_card(s.routes[0].cards, "4111111111111111"));
  CHECK_FALSE(config::has_card(s.routes[0].cards, "5111111111111111"));
  CHECK(config::has_terminal(s.routes[0].terminals, "42"));
  CHECK_FALSE(config::has_terminal(s.routes[0].terminals, "100"));
  CHECK(s.routes[1].cards.is_all());
}

TEST_CASE("a wrong list of links is refused with the place and what to do") {
  const auto one = [](const std::string& members) {
    return R"("upstreams": [{"name": "main", "upstreamHost": "h", "upstreamPort": 1}, {)" + members + "}]";
  };
  CHECK_THAT(bad(R"("upstreams": {})"), Contains("upstreams: expected a list"));
  CHECK_THAT(bad(R"("upstreams": [])"), Contains("upstreams: expected a list"));
  CHECK_THAT(bad(R"("upstreams": ["main"])"), Contains("upstreams[0]: expected an object"));
  CHECK_THAT(bad(one(R"("upstreamHost": "h")")), Contains("upstreams[1]: `name` is missing"));
  CHECK_THAT(bad(one(R"("name": "two words")")), Contains("upstreams[1].name: expected 1 to 32 letters"));
  CHECK_THAT(bad(one(R"("name": "main", "upstreamHost": "h", "upstreamPort": 2)")),
             Contains("upstreams[1].name: there is a link 'main' already"));
  CHECK_THAT(bad(one(R"("name": "b")")), Contains("upstreams[1]: it leads nowhere"));
  CHECK_THAT(bad(one(R"("name": "b", "upstreamHost": "h")")),
             Contains("upstreams[1]: ") && Contains("upstreamPort is missing"));
  CHECK_THAT(bad(one(R"("name": "b", "upstreamListenPort": 5)")),
             Contains("upstreams[1]: upstreamListenPort needs upstreamAllow"));
  CHECK_THAT(bad(one(R"("name": "b", "upstreamHots": "h")")),
             Contains("upstreams[1].upstreamHots") && Contains("'upstreamHost'"));
  CHECK_THAT(bad(one(R"("name": "b", "maxQueue": 5)")),
             Contains("upstreams[1].maxQueue") && Contains("the gateway's"));
  CHECK_THAT(bad(one(R"("name": "b", "upstreamPort": 0)")),
             Contains("upstreams[1].upstreamPort must be a port"));
  CHECK_THAT(bad(one(R"("name": "b", "upstreamPort": {})")), Contains("upstreams[1].upstreamPort must be"));
  CHECK_THAT(bad(one(R"("name": "b", "name": "c")")), Contains("'upstreams[1].name' stands there twice"));
  CHECK_THAT(bad(one(R"("name": "b", "dialect": "openWay")")),
             Contains("upstreams[1].dialect: a link has no such option; --help lists all"));
  CHECK_THAT(bad(one(R"("name": "b", "setFields": {"1": "x"})")),
             Contains("upstreams[1].setFields: expected field numbers"));
  CHECK_THAT(bad(one(R"("name": "b", "setFields": {"24": 1})")),
             Contains("upstreams[1].setFields.24: expected the value as text"));
}

TEST_CASE("a list of links and the address of the only link exclude each other") {
  CHECK_THAT(bad(two_links + R"(, "upstreamHost": "h", "upstreamPort": 1)"), Contains("exclude each other"));
  CHECK_THAT(bad(two_links, {"--upstreamHost=h", "--upstreamPort=1"}), Contains("exclude each other"));
  CHECK_THAT(bad(R"("groups": [{"name": "a", "links": ["b"]}])"), Contains("groups needs the list"));
  CHECK_THAT(bad(R"("upstreamHost": "h", "upstreamPort": 1, "routes": [{"group": "a"}])"),
             Contains("routes needs the list"));
}

TEST_CASE("a wrong group is refused with the place and what to do") {
  const auto groups = [](const std::string& list) {
    return bad(three_links + ", \"groups\": [" + list + "]");
  };
  const std::string rest = R"(, {"name": "rest", "links": ["b", "c"]})";
  CHECK_THAT(groups(R"({"links": ["a"]})"), Contains("groups[0]: `name` is missing"));
  CHECK_THAT(groups(R"({"name": "visa"})"), Contains("groups[0]: `links` is missing"));
  CHECK_THAT(groups(R"({"name": "visa", "links": []})"), Contains("groups[0].links: expected a list"));
  CHECK_THAT(groups(R"({"name": "visa", "links": ["x"]})" + rest),
             Contains("groups[0].links: there is no link 'x'"));
  CHECK_THAT(groups(R"({"name": "visa", "links": ["a", "b"]})" + rest),
             Contains("groups[1].links: the link 'b' stands in the group 'visa' already"));
  CHECK_THAT(groups(R"({"name": "visa", "links": ["a", "b"]})"),
             Contains("upstreams[2]: the link 'c' stands in no group"));
  CHECK_THAT(groups(R"({"name": "rest", "links": ["a"]})" + rest),
             Contains("groups[1].name: there is a group 'rest' already"));
  CHECK_THAT(groups(R"({"name": "visa", "links": ["a"], "order": "random"})" + rest),
             Contains("groups[0].order must be one of first, in_turn, least_pending"));
  CHECK_THAT(groups(R"({"name": "visa", "links": ["a"], "back": "soon"})" + rest),
             Contains("groups[0].back: expected at_once"));
  CHECK_THAT(groups(R"({"name": "visa", "links": ["a"], "weight": 1})" + rest),
             Contains("groups[0].weight: a group has no such member"));
  CHECK_THAT(groups(R"({"name": "visa", "links": ["a"], "formerly": ["rest"]})" + rest),
             Contains("groups[0].formerly: 'rest' is the name of another group"));
  CHECK_THAT(groups(R"({"name": "visa", "links": ["a"]})" + rest), Contains("no `routes`"));
}

TEST_CASE("a wrong route is refused with the place and what to do") {
  const auto routes = [](const std::string& list) {
    return bad(two_groups + ", \"routes\": [" + list + "]");
  };
  const std::string last = R"(, {"group": "rest"})";
  CHECK_THAT(routes(R"({"cards": "4"})"), Contains("routes[0]: `group` is missing"));
  CHECK_THAT(routes(R"({"cards": "4", "group": "x"})" + last),
             Contains("routes[0].group: there is no group 'x'"));
  CHECK_THAT(routes(R"({"cards": "4-50", "group": "visa"})" + last), Contains("routes[0].cards: expected"));
  CHECK_THAT(routes(R"({"cards": "5-4", "group": "visa"})" + last), Contains("must not be below"));
  CHECK_THAT(routes(R"({"terminals": "9-", "group": "visa"})" + last),
             Contains("routes[0].terminals: expected"));
  CHECK_THAT(routes(R"({"card": "4", "group": "visa"})" + last), Contains("routes[0].card: a route has no"));
  CHECK_THAT(routes(R"({"cards": "4", "group": "visa"})"),
             Contains("routes[0]: the last route must match everything"));
  CHECK_THAT(routes(R"({"group": "visa"})" + last),
             Contains("routes[1]: it can never match, because routes[0]"));
  CHECK_THAT(routes(R"({"cards": "4", "group": "visa"}, {"cards": "4111-4222", "group": "rest"})" + last),
             Contains("routes[1]: it can never match"));
  CHECK(routes(R"({"cards": "4111-4222", "group": "rest"}, {"cards": "4", "group": "visa"})" + last).empty());
  CHECK(
    routes(R"({"cards": "4", "terminals": "1-9", "group": "visa"}, {"cards": "4", "group": "rest"})" + last)
      .empty());
}

TEST_CASE("links that change places between groups cannot take the places of those that are there") {
  const auto lists = [](const char* first, const char* second, int port) {
    return good(R"("upstreams": [{"name": "a", "upstreamHost": "h", "upstreamPort": )" +
                std::to_string(port) +
                R"(}, {"name": "b", "upstreamHost": "h", "upstreamPort": 9}],
      "groups": [{"name": "visa", "links": [")" +
                first + R"("]}, {"name": "rest", "links": [")" + second +
                R"("]}], "routes": [{"cards": "4", "group": "visa"}, {"group": "rest"}])");
  };
  const auto before = lists("a", "b", 1);
  CHECK(config::why_links_cross(before, before).empty());
  CHECK(config::why_links_cross(before, lists("a", "b", 2)).empty());
  CHECK_THAT(config::why_links_cross(before, lists("b", "a", 1)), Contains("was 'a' of group 'visa'"));
  auto other_names = lists("a", "b", 1);
  for (auto& link : other_names.upstreams)
    link.name = "new_" + link.name;
  other_names.groups[0].links = {"new_b"};
  other_names.groups[1].links = {"new_a"};
  CHECK_THAT(config::why_links_cross(before, other_names), Contains("was 'a' of group 'visa'"));
}
