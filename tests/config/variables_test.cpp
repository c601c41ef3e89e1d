// Options as environment variables.

#include "config/variables.hpp"

#include <catch2/catch.hpp>

#include <set>

#include "config/load.hpp"
#include "tests/store/directory.hpp"

using Catch::Contains;

namespace {

config::loaded load(std::vector<const char*> environment, std::vector<const char*> arguments = {}) {
  return config::load_all(arguments, environment);
}

}  // namespace

TEST_CASE("each option has a variable of its own name") {
  std::set<std::string> names;
  for (const auto& group : config::option_groups())
    for (const auto& o : group.options)
      CHECK(names.insert(config::variable_of(o)).second);
  CHECK(names.contains("SOCKETQUEUE_UPSTREAM_HOST"));
  CHECK(names.contains("SOCKETQUEUE_VV"));
  CHECK(names.contains("SOCKETQUEUE_NODE_TLS_CERTIFICATE"));
}

TEST_CASE("the environment gives options, the file is stronger, and the command line strongest") {
  const test::directory home;
  const auto file = home / "gateway.json";
  test::write(file, R"({"listenPort": 2, "maxQueue": 2, "upstreamHost": ""})");
  const auto named = "SOCKETQUEUE_C=" + file;
  const auto all = load(
    {"PATH=/bin", named.c_str(), "SOCKETQUEUE_UPSTREAM_HOST=h", "SOCKETQUEUE_UPSTREAM_PORT=1",
     "SOCKETQUEUE_LISTEN_PORT=1", "SOCKETQUEUE_MAX_QUEUE=1", "SOCKETQUEUE_VV=true", "SOCKETQUEUE_LOG_FILE="},
    {"--maxQueue=3"});
  REQUIRE(all.faults.empty());
  CHECK(all.what.upstreams.front().host == "h");
  CHECK(all.what.raw_listeners.front().port == 2);
  CHECK(all.what.queue.messages_max == 3);
  CHECK(all.what.log.verbose);
  CHECK(all.what.log.file.empty());
}

TEST_CASE("a wrong value or name in the environment is refused with its name") {
  CHECK(load({"SOCKETQUEUE_ECHO_SERVER_PORT=x"}).faults ==
        std::vector<std::string>{
          "SOCKETQUEUE_ECHO_SERVER_PORT in the environment: echoServerPort must be a port, "
          "1 to 65535, not 'x'"});
  CHECK(load({"SOCKETQUEUE_UPSTREAM_HOTS=x"}).faults.front() ==
        "there is no option for the variable 'SOCKETQUEUE_UPSTREAM_HOTS' of the environment; did you mean "
        "'SOCKETQUEUE_UPSTREAM_HOST'?");
  CHECK_THAT(load({"SOCKETQUEUE_HELP=true"}).faults.front(), Contains("no option for the variable"));
}

TEST_CASE("what Kubernetes and Docker tell of services called socketqueue is no option") {
  const auto all =
    load({"SOCKETQUEUE_ECHO_SERVER_PORT=5000", "SOCKETQUEUE_SERVICE_HOST=10.0.0.1",
          "SOCKETQUEUE_SERVICE_PORT=2014", "SOCKETQUEUE_SERVICE_PORT_RAW=2014",
          "SOCKETQUEUE_PORT=tcp://10.0.0.1:2014", "SOCKETQUEUE_PORT_2014_TCP=tcp://10.0.0.1:2014",
          "SOCKETQUEUE_PORT_2014_TCP_ADDR=10.0.0.1", "SOCKETQUEUE_ADMIN_PORT=tcp://10.0.0.1:2015",
          "SOCKETQUEUE_ADMIN_SERVICE_HOST=10.0.0.1", "SOCKETQUEUE_NAME=/gateway/socketqueue",
          "SOCKETQUEUE_ENV_HOME=/root"});
  CHECK(all.faults.empty());
  CHECK(all.what.admin.port == 0);
  CHECK(load({"SOCKETQUEUE_ECHO_SERVER_PORT=5000", "SOCKETQUEUE_ADMIN_PORT=2015"}).what.admin.port == 2015);
}
