#include <catch2/catch.hpp>

#include <set>

#include "config/help.hpp"
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
      CHECK((o.where.kind == config::value_kind::flag) == o.value_name.empty());
      if (!o.path.empty()) {
        CHECK(names.insert(o.path).second);
        CHECK(config::find_by_path(o.path) == &o);
        CHECK_FALSE(config::find_option(o.path.substr(0, o.path.find('.'))));
      }
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
    CHECK(end - begin <= 80);
    begin = end + 1;
  }
}

TEST_CASE("a mistyped name finds its neighbour, a strange one nobody") {
  CHECK(config::nearest_option("upstremPort") == "upstreamPort");
  CHECK(config::nearest_option("maxqueue") == "maxQueue");
  CHECK(config::nearest_option("testclient") == "testClients");
  CHECK(config::nearest_option("banana") == "");
}

TEST_CASE("each number has limits that are sensible, and what is beyond them is refused with these") {
  for (const auto& group : config::option_groups())
    for (const auto& o : group.options) {
      const auto kind = o.where.kind;
      if (kind != config::value_kind::count && kind != config::value_kind::seconds &&
          kind != config::value_kind::duration)
        continue;
      INFO(o.name);
      CHECK(o.allowed.least > 0);
      CHECK(o.allowed.most > o.allowed.least);
      auto s = config::defaults();
      const std::string unit = kind == config::value_kind::duration ? "s" : "";
      const auto with = [&](double number) { return config::assign(s, o, config::in_digits(number) + unit); };
      CHECK(with(o.allowed.least) == "");
      CHECK(with(o.allowed.most) == "");
      CHECK(with(0).empty() == o.allowed.or_zero);
      CHECK(with(o.allowed.most + 1) == "must be " + config::expected_of(o));
      if (kind == config::value_kind::seconds)
        CHECK(with(o.allowed.least / 1000) == "must be " + config::expected_of(o));
    }
}

TEST_CASE("help of a topic is its part of the page, and of an option all that is to be known of it") {
  CHECK_THAT(config::help_of("money").value(),
             Catch::Contains("--unconfirmedAge=time") && !Catch::Contains("--listenPort"));
  CHECK_THAT(config::help_of("status").value(), Catch::Contains("2: wrong"));
  CHECK(config::help_of("echoInterval").value() ==
        "--echoInterval=s\n"
        "  after that long without a word of the host it is asked by an echo, and\n"
        "  requests wait until it says something; 0: never\n"
        "\n"
        "  value         seconds, 1 to 86400, or 0\n"
        "  default       60\n"
        "  in the file   \"echoInterval\", or by section \"upstream.echo.interval\"\n"
        "  environment   SOCKETQUEUE_ECHO_INTERVAL\n");
  CHECK(config::help_of("upstream.echo.interval") == config::help_of("echoInterval"));
  CHECK_FALSE(config::help_of("banana"));
  for (const auto* list : {"upstreams", "groups", "routes"})
    CHECK_THAT(config::help_of(list).value(), Catch::Contains("docs/HOST_LINK.md"));
  CHECK_THAT(config::no_such_topic("mony"), Catch::Contains("did you mean 'money'?"));
}

TEST_CASE("the completion of each shell has every option and command, with the words of a choice") {
  for (const auto* shell : {"bash", "zsh", "fish"}) {
    INFO(shell);
    const auto text = config::completion_of(shell).value();
    for (const auto& group : config::option_groups())
      for (const auto& o : group.options)
        CHECK_THAT(text, Catch::Contains(std::string(o.name)));
    for (const auto& c : config::commands())
      CHECK_THAT(text, Catch::Contains(std::string(c.name)));
    CHECK_THAT(text, Catch::Contains("wait_reply immediate"));
  }
  CHECK_FALSE(config::completion_of("tcsh"));
}

TEST_CASE("the manual page has every option, command and exit status") {
  const auto page = config::manual_page();
  for (const auto& group : config::option_groups())
    for (const auto& o : group.options)
      CHECK_THAT(page,
                 Catch::Contains(o.name == "c" ? "\n.B \\-c FILE" : "\n.B \\-\\-" + std::string(o.name)));
  CHECK_THAT(page, Catch::StartsWith(".TH SOCKETQUEUE 1 ") && Catch::Contains(".SH \"EXIT STATUS\""));
}
