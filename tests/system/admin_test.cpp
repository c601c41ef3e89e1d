// The admin port of the released program.

#include <catch2/catch.hpp>

#include <cstdlib>

#include "tests/lab/browser.hpp"
#include "tests/store/directory.hpp"
#include "tests/support/hand_host.hpp"
#include "tests/support/program.hpp"

using lab::browser;
using lab::http_get;
using support::free_port;
using support::program;

TEST_CASE("promtool finds nothing wrong with the metrics of a gateway that has served purchases") {
  const auto bank = std::to_string(free_port()), clients = std::to_string(free_port());
  const auto admin = free_port();
  program gateway({"--echoServerPort=" + bank, "--upstreamHost=127.0.0.1", "--upstreamPort=" + bank,
                   "--listenPort=" + clients, "--adminPort=" + std::to_string(admin), "--testClients=3",
                   "--testTargetHost=127.0.0.1", "--testTargetPort=" + clients, "--testPurchases", "--vv"});
  REQUIRE(gateway.says("Purchase Response", 3));
  const auto metrics = browser(admin).ask(http_get("/metrics"));
  CHECK(metrics.status == 200);
  CHECK_THAT(metrics.body, Catch::Contains("outcome=\"approved\""));
  if (std::system("command -v promtool >/dev/null") != 0) {
    WARN("promtool (Debian's prometheus) is not installed, so it has not looked at the metrics");
    return;
  }
  test::directory here;
  test::write(here / "metrics", metrics.body);
  CHECK(std::system(("promtool check metrics <" + (here / "metrics")).c_str()) == 0);
}

TEST_CASE("readyz tells that the link has fallen as soon as the gateway knows, and livez goes on") {
  support::hand_host host;
  const auto admin = free_port();
  program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + host.port(),
                   "--listenPort=" + std::to_string(free_port()), "--adminPort=" + std::to_string(admin),
                   "--v"});
  CHECK(gateway.says("The admin port is"));
  CHECK(browser(admin).ask(http_get("/readyz")).status == 503);
  host.accept();
  REQUIRE(gateway.says("Connected to upstream"));
  browser watcher(admin);
  CHECK(watcher.ask(http_get("/readyz")).status == 200);
  host.hang_up();
  REQUIRE(gateway.says("Lost ISO-host"));
  CHECK(watcher.ask(http_get("/readyz")).status == 503);
  CHECK(watcher.ask(http_get("/livez")).status == 200);
}

TEST_CASE("an address that is none, and a token that can be guessed, are refused before anything starts") {
  test::directory here;
  test::write(here / "short", "secret\n");
  for (const auto& [option, text] :
       {std::pair<std::string, std::string>("--adminAddress=nonsense", "of nonsense"),
        {"--adminTokenFile=" + (here / "short"), "at least 16 characters"},
        {"--adminTokenFile=" + (here / "missing"), "adminTokenFile"}}) {
    program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=1",
                     "--listenPort=" + std::to_string(free_port()),
                     "--adminPort=" + std::to_string(free_port()), option});
    CHECK(gateway.wait() == 2);
    CHECK_THAT(gateway.output(), Catch::Contains(text));
  }
}
