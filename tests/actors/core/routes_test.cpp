// Which group gets a transaction.

#include <catch2/catch.hpp>

#include "actors/core/routes.hpp"
#include "tests/support/dialects.hpp"

namespace {

std::string group_of(const std::vector<config::route_settings>& all, const codec::message& m) {
  const actors::routes r(all);
  const auto* group = r.group_of(m);
  return group ? *group : "nothing";
}

}  // namespace

TEST_CASE("without routes there is no group to name") {
  CHECK(group_of({}, support::purchase()) == "nothing");
}

TEST_CASE("a transaction goes by the first digits of its card, from field 2 or from a track") {
  const std::vector<config::route_settings> all{
    {{"4000", "4849"}, {}, "low"}, {{"485", "499"}, {}, "high"}, {{}, {}, "rest"}};
  auto m = support::purchase();
  CHECK(group_of(all, m) == "high");
  m.set(2, "4111111111111111");
  CHECK(group_of(all, m) == "low");
  m.erase(2);
  m.erase(35);
  m.set(45, "B4850781234567891^NAME^2512");
  CHECK(group_of(all, m) == "high");
  m.erase(45);
  CHECK(group_of(all, m) == "rest");
}

TEST_CASE("a transaction goes by its terminal, whatever its filling") {
  const std::vector<config::route_settings> all{{{}, {"00000042", "00000099"}, "shop"}, {{}, {}, "rest"}};
  CHECK(group_of(all, support::purchase("00000042")) == "shop");
  CHECK(group_of(all, support::purchase("00000099")) == "shop");
  CHECK(group_of(all, support::purchase("00000100")) == "rest");
  CHECK(group_of(all, support::purchase("00000041")) == "rest");
}

TEST_CASE("a route with cards and terminals wants both") {
  const std::vector<config::route_settings> all{{{"48", "48"}, {"42", "42"}, "both"}, {{}, {}, "rest"}};
  CHECK(group_of(all, support::purchase("00000042")) == "both");
  CHECK(group_of(all, support::purchase("00000043")) == "rest");
}
