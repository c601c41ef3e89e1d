#include <catch2/catch.hpp>

#include "config/load.hpp"
#include "config/warnings.hpp"

using Catch::Contains;

namespace {

std::string warned(std::vector<const char*> options) {
  options.insert(options.end(), {"--upstreamHost=h", "--upstreamPort=1", "--listenPort=2"});
  const auto loaded = config::load(options);
  if (const auto* why = std::get_if<std::string>(&loaded))
    FAIL(*why);
  std::string text;
  for (const auto& w : config::warnings_of(std::get<config::settings>(loaded)))
    text += w + "\n";
  return text;
}

}  // namespace

TEST_CASE("what is usual is not warned of") {
  CHECK(warned({}) == "");
  CHECK(warned({"--hostTimeout=30", "--queueMessageKeyFields=11,41,42", "--unconfirmed=keep"}) == "");
}

TEST_CASE("approvals that would be reversed though their clients cannot ask are warned of") {
  CHECK_THAT(warned({"--unconfirmed=reverse"}), Contains("raw clients cannot ask"));
  CHECK(warned({"--unconfirmed=reverse", "--clientDelivery=idempotent"}) == "");
  CHECK_THAT(warned({"--unconfirmed=reverse", "--journal=none"}), Contains("does nothing: after a kill"));
  std::vector<const char*> http{"--upstreamHost=h", "--upstreamPort=1", "--listenHttpPort=2",
                                "--unconfirmed=reverse"};
  CHECK(config::warnings_of(std::get<config::settings>(config::load(http))).empty());
}

TEST_CASE("times and key fields that fit badly are warned of") {
  CHECK_THAT(
    warned({"--hostTimeout=100.5"}),
    Contains("hostTimeout (100.500 s) is longer than queueTimeout (35 s)") && Contains("may wait 135.500 s"));
  CHECK_THAT(warned({"--queueMessageKeyFields=41"}), Contains("queueMessageKeyFields has no field 11"));
  CHECK_THAT(warned({"--queueMessageKeyFields=11"}), Contains("queueMessageKeyFields has no field 41"));
}

TEST_CASE("a gateway that would dial its own port for clients is warned of") {
  std::vector<const char*> own{"--upstreamHost=127.0.0.1", "--upstreamPort=2014", "--listenPort=2014"};
  const auto warnings = config::warnings_of(std::get<config::settings>(config::load(own)));
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings.front(), Contains("it would be its own bank"));
  CHECK(warned({"--listenHttpPort=1"}) == "");
}
