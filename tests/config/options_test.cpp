#include <catch2/catch.hpp>

#include <set>

#include "config/load.hpp"
#include "config/options.hpp"

TEST_CASE("of commands the most similar one is suggested, and none that is not similar") {
  std::vector<std::string_view> names;
  for (const auto& c : config::commands())
    names.push_back(c.name);
  CHECK(config::nearest("dialekt", names) == "dialect");
  CHECK(config::nearest("pendign", names) == "pending");
  CHECK(config::nearest("gateway", names).empty());
}

TEST_CASE("every option has a text, a name of its own, and a default that can be read") {
  std::set<std::string_view> names;
  for (const auto& group : config::option_groups())
    for (const auto& o : group.options) {
      INFO(o.name);
      CHECK(names.insert(o.name).second);
      CHECK_FALSE(o.text.empty());
      CHECK(config::find_option(o.name) == &o);
      auto s = config::defaults();
      if (!o.default_text.empty())
        CHECK(config::assign(s, o, o.default_text) == "");
      CHECK(o.where.is_flag == o.value_name.empty());
    }
}

TEST_CASE("the help page tells of every option and fits a terminal") {
  const auto page = config::help_text();
  for (const auto& group : config::option_groups())
    for (const auto& o : group.options)
      CHECK_THAT(page, Catch::Contains(std::string(o.name)));
  std::size_t begin = 0;
  while (begin < page.size()) {
    const auto end = page.find('\n', begin);
    CHECK(end - begin <= 120);
    begin = end + 1;
  }
}

TEST_CASE("a mistyped name finds its neighbour, a strange one nobody") {
  CHECK(config::nearest_option("upstremPort") == "upstreamPort");
  CHECK(config::nearest_option("maxqueue") == "maxQueue");
  CHECK(config::nearest_option("testclient") == "testClients");
  CHECK(config::nearest_option("banana") == "");
}
