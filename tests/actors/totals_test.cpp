#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "actors/totals.hpp"
#include "tests/support/dialects.hpp"

using support::smart_vista;

namespace {

codec::message message(const char* mti, const char* amount, const char* code = nullptr, const char* processing = "000000") {
  auto m = support::purchase("00000042", "000001", amount);
  m.set(0, mti);
  m.set(3, processing);
  if (code)
    m.set(39, code);
  return m;
}

} // namespace

TEST_CASE("statistics begin with the old program's keys, at zero") {
  CHECK(actors::totals().json() ==
        R"({"securedAmount":0,"processedAmount":0,"refundAmount":0,"reversalAmount":0,"faultStat":{},"packetCount":{"total":0},)"
        R"("strayCount":{"contradicting":0,"duplicate":0,"late":0,"unknown":0}})");
}

TEST_CASE("amounts are exact: secured is approved less refunded less reversed") {
  actors::totals t;
  t.count(message("0200", "000138355449"), {}, smart_vista());
  t.count(message("0210", "000138355449", "000"), {}, smart_vista());
  t.count(message("0210", "000000001050", "000", "200000"), {}, smart_vista());
  t.count(message("0410", "000000000010", "000"), {}, smart_vista());
  t.count(message("0210", "000000099999", "116"), {}, smart_vista());
  t.count(message("0410", "000000099999", "914"), {}, smart_vista());
  const auto json = nlohmann::json::parse(t.json());
  CHECK_THAT(t.json(), Catch::Contains(R"("securedAmount":1383543.89,)"));
  CHECK_THAT(t.json(), Catch::Contains(R"("processedAmount":1383554.49,)"));
  CHECK_THAT(t.json(), Catch::Contains(R"("refundAmount":10.5,)"));
  CHECK_THAT(t.json(), Catch::Contains(R"("reversalAmount":0.1,)"));
  CHECK(json.at("faultStat") == nlohmann::json{{"116", 1}, {"914", 1}});
  CHECK(json.at("packetCount") == nlohmann::json{{"total", 6}, {"0200", 1}, {"0210", 3}, {"0410", 2}});
}

TEST_CASE("a hundred thousand times the greatest amount is still exact, and what is below zero is shown so") {
  actors::totals t;
  for (int i = 0; i < 100000; ++i)
    t.count(message("0200", "999999999999"), {}, smart_vista());
  CHECK_THAT(t.json(), Catch::Contains(R"("processedAmount":999999999999000,)"));
  t.count(message("0410", "000000000005", "000"), {}, smart_vista());
  CHECK_THAT(t.json(), Catch::Contains(R"("securedAmount":-0.05,)"));
}

TEST_CASE("a response that nobody got is a packet, but no money") {
  actors::totals t;
  t.count(message("0210", "000000001000", "000"), {}, smart_vista());
  t.count(message("0210", "000000001000", "000"), actors::stray::duplicate, smart_vista());
  t.count(message("0210", "000000001000", "116"), actors::stray::late, smart_vista());
  const auto json = nlohmann::json::parse(t.json());
  CHECK(json.at("securedAmount") == 10);
  CHECK(json.at("faultStat").empty());
  CHECK(json.at("packetCount").at("0210") == 3);
  CHECK(json.at("strayCount").at("duplicate") == 1);
  CHECK(json.at("strayCount").at("late") == 1);
}
