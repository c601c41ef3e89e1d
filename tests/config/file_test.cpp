// Configuration files: comments, sections, values that say nothing, and where a fault is.

#include <catch2/catch.hpp>

#include "config/json_text.hpp"
#include "config/load.hpp"
#include "tests/store/directory.hpp"

using Catch::Contains;

namespace {

// The file is called gateway.json in messages.
struct file {
  explicit file(const std::string& text) { test::write(path, text); }

  config::loaded load(std::vector<const char*> arguments = {}) const {
    arguments.insert(arguments.end(), {"-c", path.c_str()});
    auto all = config::load_all(arguments, {});
    for (auto& f : all.faults)
      for (std::size_t at; (at = f.find(path)) != f.npos;)
        f.replace(at, path.size(), "gateway.json");
    return all;
  }

  config::settings good(std::vector<const char*> arguments = {}) const {
    auto all = load(std::move(arguments));
    for (const auto& f : all.faults)
      FAIL_CHECK(f);
    return std::move(all.what);
  }

  std::string bad() const {
    const auto all = load();
    return all.faults.empty() ? "" : all.faults.front();
  }

  test::directory directory;
  std::string path = directory / "gateway.json";
};

}  // namespace

TEST_CASE("sections are the same options, comments are passed over, and an editor's schema is no option") {
  const file f(R"({
  "$schema": "/usr/share/socketqueue/socketqueue.schema.json",
  // the bank, "main" /* in Vilnius
  "upstream": {"host": "10.0.0.1", "port": 5000, /* "port": 1, */ "echo": {"interval": 5}},
  "clients": {"raw": {"port": 2014, "keepOpen": true}, "timeout": 60},
  "logFile": "a//b.log", "money": {"unconfirmedAge": "2h"}
})");
  const auto s = f.good();
  CHECK(s.upstreams.front().host == "10.0.0.1");
  CHECK(s.upstreams.front().port == 5000);
  CHECK(s.upstreams.front().liveness.echo_interval == std::chrono::seconds(5));
  CHECK(s.raw_listeners.front().port == 2014);
  CHECK(s.raw_listeners.front().keep_open);
  CHECK(s.log.file == "a//b.log");
  CHECK(s.delivery.unconfirmed_age == std::chrono::hours(2));
  CHECK(f.good({"--listenPort=2015"}).raw_listeners.front().port == 2015);
}

TEST_CASE("an option that is given by its name and in its section is refused with both places") {
  CHECK(file("{\"listenPort\": 1,\n \"clients\": {\n  \"raw\": {\"port\": 2}}}").bad() ==
        "gateway.json, line 1, column 2: 'listenPort' is the same option as 'clients.raw.port' in line 3, "
        "column 11; leave one of them");
  CHECK(
    file("{\"vv\": true,\n\n  \"vv\": false}").bad() ==
    "gateway.json, line 3, column 3: the option 'vv' stands there twice, first in line 1, column 2; leave "
    "one of them");
  CHECK_THAT(file("{\"log\": {\"file\": \"a\", \"file\": \"b\"}}").bad(),
             Contains("'log.file' stands there twice"));
}

TEST_CASE("a fault is told with file, line, column, name, what was given and what is expected") {
  const std::pair<const char*, const char*> all[]{
    {"{\n  \"listenPort\": 70000}",
     "gateway.json, line 2, column 3: listenPort must be a port, 1 to 65535, not '70000'"},
    {"{\"clients\":\n  {\"raw\": {\"port\": 0.5}}}",
     "gateway.json, line 2, column 12: clients.raw.port must be a port, 1 to 65535, not '0.5'"},
    {"{\"upstream\": {\"echo\":\n {\"intervall\": 5}}}",
     "gateway.json, line 2, column 3: there is no option 'upstream.echo.intervall'; did you mean "
     "'upstream.echo.interval'?"},
    {"{\n\n\"listnPort\": 5}",
     "gateway.json, line 3, column 1: there is no option 'listnPort'; did you mean 'listenPort'?"},
    {"{\"upstream\": 5}",
     "gateway.json, line 1, column 2: 'upstream' is a section: expected an object of options, {...}"},
    {"{\"echoServerPort\": 5,\n \"help\": true}",
     "gateway.json, line 2, column 2: 'help' belongs on the command line, not into a file; leave it out"},
    {"{\"a\": 1 /* and\nso on }",
     "gateway.json, line 1, column 9: the comment that begins here has no end, */"},
    {"{\"listenPort\": 1\n  \"vv\": true}",
     "gateway.json, line 2, column 3: this configuration file is not JSON from here on: a comma is missing "
     "in front of this"},
    {"{\"listenPort\": 1e999}", "gateway.json: a number in this configuration file is too large"},
    {"{\"listenPort\": 1,\n",
     "gateway.json, line 2, column 1: this configuration file is not JSON from here on: it ends too early; a "
     "bracket or a quote is not closed"},
    {"{\"listenPort\": 1,\n \"upstreams\": [{\"name\": \"a\", \"upstreamHost\": \"h\", \"upstreamPort\": "
     "1},\n"
     "  {\"name\": \"b\", \"upstreamPort\": 99999}]}",
     "gateway.json, line 3, column 17: upstreams[1].upstreamPort must be a port, 1 to 65535, not '99999'"},
    {"{\"listenPort\": 1,\n \"upstreams\": [{\"name\": \"a\", \"upstreamHost\": \"h\", \"upstreamPort\": "
     "1},\n"
     "  {\"name\": \"b\", \"upstreamHost\": \"h\"}]}",
     "gateway.json, line 3, column 3: upstreams[1]: upstreamHost and upstreamPort belong together; "
     "upstreamPort "
     "is missing"}};
  for (const auto& [text, says] : all)
    CHECK(file(text).bad() == says);
}

TEST_CASE("all faults of a file are told at once, in the order of its names") {
  const auto all =
    file(R"({"listenPort": 0.1, "vvv": 1, "queueTimeout": "soon", "maxQueue": 0})").load().faults;
  CHECK(all.size() == 4);
}

TEST_CASE("values that say nothing, as the old program's template has them, pass") {
  const auto s = file(R"({"c": "", "echoServerPort": 5000, "logstashHost": "", "logstashPort": 0,
    "logstashNode": "SocketQueue", "helpJson": false, "help": false, "upstreamHost": "", "upstreamPort": 0,
    "listenPort": 0, "overrides": "", "upstreamTimeout": 0, "clientTimeout": "", "testClients": 0,
    "testTargetHost": null, "statDumpFile": "", "headerFormat": "", "smartVista": false, "openWay": false})")
                   .good();
  CHECK(s.bank.port == 5000);
  CHECK(s.upstreams.front().host.empty());
  CHECK(s.upstreams.front().dialect.name == "smartVista");
  CHECK_THAT(file(R"({"echoServerPort": 1, "logstashPort": 5})").bad(), Contains("logstashPort"));
}

TEST_CASE("hosts with ports of their own need no other") {
  CHECK(file(R"({"upstreamHost": "a:5000,[::1]:5001", "listenPort": 1})").bad() == "");
  CHECK_THAT(file(R"({"upstreamHost": "a:5000,b", "listenPort": 1})").bad(),
             Contains("upstreamPort is missing"));
  CHECK_THAT(file(R"({"upstreamHost": "::1", "listenPort": 1})").bad(), Contains("upstreamPort is missing"));
}

TEST_CASE("two ports of the process that are one are refused, unless their addresses differ") {
  CHECK_THAT(file(R"({"upstreamHost": "h:1", "listenPort": 5, "listenHttpPort": 5})").bad(),
             Contains("listenPort and listenHttpPort are both port 5"));
  CHECK_THAT(file(R"({"echoServerPort": 5, "adminPort": 5})").bad(), Contains("are both port 5"));
  CHECK(file(R"({"echoServerPort": 5, "adminPort": 6, "nodePort": 6, "nodeAddress": "::1"})").bad() == "");
}

TEST_CASE("a place is found by its path, and where there is none the one around it") {
  const config::json_places places(
    "{\"a\": {\"b\\u0063\": [1,\n {\"d\": 2}, \"x]\"]},\n\"\xc3\xa4\": 1, \"e\": {}}");
  CHECK(places.of("a") == "line 1, column 2");
  CHECK(places.of("a.bc") == "line 1, column 8");
  CHECK(places.of("a.bc[1].d") == "line 2, column 3");
  CHECK(places.of("a.bc[2]") == "line 2, column 12");
  CHECK(places.of("e") == "line 3, column 9");
  CHECK(places.of("e.f.g") == "line 3, column 9");
  CHECK(places.of("nothing") == "line 1, column 1");
  CHECK(places.twice().empty());
}

TEST_CASE("a number or true for an option that is text is refused, and a port in quotes is one") {
  CHECK(file(R"({"upstreamHost": 10, "upstreamPort": "5000"})").bad() ==
        "gateway.json, line 1, column 2: upstreamHost must be text in quotes, not 10");
  CHECK_THAT(file(R"({"logFile": true})").bad(), Contains("logFile must be text in quotes, not true"));
  CHECK_THAT(file(R"({"overrides": ["1:an:8", 2]})").bad(), Contains("must be text in quotes, not 2"));
  CHECK_THAT(file(R"({"upstreams": [{"name": "a", "upstreamHost": 10}]})").bad(),
             Contains("upstreams[0].upstreamHost must be text in quotes, not 10"));
  CHECK_THAT(file(R"({"journal": {}})").bad(),
             Contains("journal must be text that is not empty, not an object, {...}"));
  CHECK(file(R"({"upstreamHost": "h", "upstreamPort": "5000", "listenPort": "2014", "maxQueue": "7"})")
          .good()
          .queue.messages_max == 7);
}

TEST_CASE("what is not JSON is told by what it is, where that is usual") {
  const auto said = [](const std::string& text) { return file(text).bad(); };
  CHECK_THAT(said("{\"listenPort\": 1,\n}"), Contains("line 2, column 1: ") &&
                                             Contains("there is a comma before }; leave it out"));
  CHECK_THAT(said("{\"queueMessageKeyFields\": [11,]}"), Contains("there is a comma before ]"));
  CHECK_THAT(said("{\n# the bank\n\"listenPort\": 1}"),
             Contains("line 2, column 1: ") && Contains("comments are // and /* */"));
  CHECK_THAT(said("{'listenPort': 1}"), Contains("column 2: ") && Contains("text stands in double quotes"));
  CHECK_THAT(said("{\"listenPort\": 1\n \"maxQueue\": 2}"),
             Contains("line 2, column 2: ") && Contains("a comma is missing in front of this"));
  CHECK_THAT(said("{\"logFile\": \"K\xe4se\"}"), Contains("is not UTF-8; save the file as UTF-8"));
  CHECK_THAT(said("{\"logFile\": \"a\""), Contains("ends too early"));
  CHECK_THAT(said("{listenPort: 1}"), Contains("expected a JSON object of options"));
}
