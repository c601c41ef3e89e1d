#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include <fstream>
#include <regex>

#include "actors/metrics/totals.hpp"
#include "codec/mti.hpp"
#include "tests/support/dialects.hpp"

using support::smart_vista;

namespace {

codec::message request(const char* mti, const char* stan, const char* amount,
                       const char* processing = "000000") {
  auto m = support::purchase("00000042", stan, amount);
  m.set(0, mti);
  m.set(3, processing);
  return m;
}

// The host's answer, without what it need not repeat.
codec::message answer(const codec::message& asked, const char* code) {
  auto m = asked;
  m.set(0, codec::response_mti(asked.mti()));
  m.set(39, code);
  m.erase(12);
  return m;
}

void exchange(actors::totals& t, const codec::message& asked, const char* code = nullptr) {
  t.count(asked, {}, nullptr, smart_vista());
  if (code)
    t.count(answer(asked, code), {}, &asked, smart_vista());
}

}  // namespace

TEST_CASE("statistics begin with the old program's keys, at zero") {
  CHECK(actors::totals().json() == R"({"securedAmount":0,"processedAmount":0,"refundAmount":0,)"
                                   R"("reversalAmount":0,"faultStat":{},"packetCount":{"total":0},)"
                                   R"("strayCount":{"contradicting":0,"duplicate":0,"late":0,"unknown":0},)"
                                   R"("droppedFrames":{"bad":0,"refused":0}})");
}

TEST_CASE("with several links, each one's requests and responses are counted") {
  actors::totals t;
  const auto asked = request("0200", "000001", "000000000100");
  t.count_link("main", asked);
  t.count_link("backup", asked);
  t.count_link("backup", answer(asked, "000"));
  const auto all = nlohmann::json::parse(t.json());
  CHECK(all.at("links").dump() ==
        R"({"backup":{"requests":1,"responses":1},"main":{"requests":1,"responses":0}})");
}

TEST_CASE("amounts are exact: secured is approved less refunded less reversed") {
  actors::totals t;
  exchange(t, request("0200", "000001", "000138355449"), "000");
  exchange(t, request("0200", "000002", "000000001050", "200000"), "000");
  exchange(t, request("0400", "000001", "000000000010"), "000");  // of a part
  exchange(t, request("0200", "000003", "000000099999"), "116");
  exchange(t, request("0400", "000003", "000000099999"), "914");
  const auto json = nlohmann::json::parse(t.json());
  CHECK_THAT(t.json(), Catch::Contains(R"("securedAmount":1383543.89,)"));
  CHECK_THAT(t.json(), Catch::Contains(R"("processedAmount":1384564.98,)"));
  CHECK_THAT(t.json(), Catch::Contains(R"("refundAmount":10.5,)"));
  CHECK_THAT(t.json(), Catch::Contains(R"("reversalAmount":0.1,)"));
  CHECK(json.at("faultStat") == nlohmann::json{{"116", 1}, {"914", 1}});
  CHECK(json.at("packetCount") ==
        nlohmann::json{{"total", 10}, {"0200", 3}, {"0210", 3}, {"0400", 2}, {"0410", 2}});
}

TEST_CASE("of what a client has reversed in part, what stays is secured") {
  const auto iso87 = codec::parse_dialect(config::built_in_dialect("iso87-ascii")).value();
  actors::totals t;
  const auto go = [&](const codec::message& asked) {
    t.count(asked, {}, nullptr, iso87);
    t.count(answer(asked, "00"), {}, &asked, iso87);
  };
  go(request("0200", "000001", "000000001000"));
  auto part = request("0400", "000001", "000000001000");
  part.set(95, "000000000400000000000000C00000000C00000000");
  go(part);
  CHECK_THAT(t.json(), Catch::Contains(R"("securedAmount":4,)") && Catch::Contains(R"("reversalAmount":6,)"));
}

TEST_CASE("what is read back from the line of JSON is the same line, to the last hundredth") {
  actors::totals t;
  exchange(t, request("0200", "000001", "999999999999"), "000");
  for (int i = 0; i < 200; ++i)
    exchange(t, request("0200", "000001", "999999999999"), "000");
  exchange(t, request("0200", "000002", "000000001005", "200000"), "000");
  exchange(t, request("0200", "000003", "000000099999"), "116");
  t.count(answer(request("0200", "000009", "000000000100"), "000"), actors::unmatched::late, nullptr,
          smart_vista());
  t.count(net::frame::kind::bad);
  t.count_link("bank-2", request("0200", "000001", "000000000100"));
  const auto back = actors::totals::from_json(t.json());
  REQUIRE(back);
  CHECK(back->json() == t.json());
  CHECK_THAT(t.json(), Catch::Contains(R"("securedAmount":2009999999987.94,)"));
  const auto none = actors::totals::from_json(actors::totals().json());
  REQUIRE(none);
  CHECK(none->json() == actors::totals().json());
}

TEST_CASE("a dump of the old program, which knows fewer keys, is read") {
  const auto t = actors::totals::from_json(
    R"({"securedAmount":-12.5,"processedAmount":3460,"refundAmount":0,"reversalAmount":0.07,)"
    R"("faultStat":{"116":3},"packetCount":{"total":7,"0200":4,"0210":3}})");
  REQUIRE(t);
  CHECK_THAT(t->json(), Catch::Contains(R"({"securedAmount":-12.5,"processedAmount":3460,"refundAmount":0,)"
                                        R"("reversalAmount":0.07,"faultStat":{"116":3},)"
                                        R"("packetCount":{"total":7,"0200":4,"0210":3},)"));
}

TEST_CASE("what is no line of statistics is not read as one") {
  for (const auto* text :
       {"", "{", "[]", "{}", "42", R"({"packetCount":7})", R"({"packetCount":{"total":-1}})",
        R"({"packetCount":{"total":1},"securedAmount":"12"})", R"({"packetCount":{},"securedAmount":1e30})",
        R"({"packetCount":{},"links":{"a":{}}})", R"({"packetCount":{},"links":[1]})"})
    CHECK_FALSE(actors::totals::from_json(text));
}

TEST_CASE("a hundred thousand times the greatest amount is still exact, and what is below zero is shown so") {
  actors::totals t;
  for (int i = 0; i < 100000; ++i)
    t.count(request("0200", "000001", "999999999999"), {}, nullptr, smart_vista());
  CHECK_THAT(t.json(), Catch::Contains(R"("processedAmount":999999999999000,)"));
  exchange(t, request("0200", "000002", "000000000005", "200000"), "000");
  CHECK_THAT(t.json(), Catch::Contains(R"("securedAmount":-0.05,)"));
}

TEST_CASE("a response that nobody got is a packet, but no money") {
  actors::totals t;
  const auto asked = request("0200", "000001", "000000001000");
  exchange(t, asked, "000");
  t.count(answer(asked, "000"), actors::unmatched::duplicate, nullptr, smart_vista());
  t.count(answer(asked, "116"), actors::unmatched::late, nullptr, smart_vista());
  const auto json = nlohmann::json::parse(t.json());
  CHECK(json.at("securedAmount") == 10);
  CHECK(json.at("faultStat").empty());
  CHECK(json.at("packetCount").at("0210") == 3);
  CHECK(json.at("strayCount").at("duplicate") == 1);
  CHECK(json.at("strayCount").at("late") == 1);
}

TEST_CASE("secured is what the host holds and answered in time, whatever became of it") {
  struct step {
    const char* mti;
    const char* code;  ///< nullptr: no answer
    bool refund = false;
    const char* amount = "000000002700";
    const char* stan = "000001";
    const char* reference = nullptr;
  };
  struct row {
    const char* what;
    std::vector<step> steps;
    double secured, reversed, refunded = 0;
    std::vector<const char*> faults = {};
  };
  const std::vector<row> rows{
    {"approved", {{"0200", "000"}}, 27, 0},
    {"declined", {{"0200", "116"}}, 0, 0, 0, {"116"}},
    {"unanswered", {{"0200", nullptr}}, 0, 0},
    {"unanswered, reversed", {{"0200", nullptr}, {"0400", "000"}}, 0, 27},
    {"unanswered, reversed with 400", {{"0200", nullptr}, {"0400", "400"}}, 0, 27},
    {"approved, reversed", {{"0200", "000"}, {"0400", "000"}}, 0, 27},
    {"approved, reversed with 400", {{"0200", "000"}, {"0400", "400"}}, 0, 27},
    {"approved, reversed with 480", {{"0200", "000"}, {"0400", "480"}}, 0, 27},
    {"approved, reversal unanswered", {{"0200", "000"}, {"0400", nullptr}}, 27, 0},
    {"approved, reversed at the second attempt",
     {{"0200", "000"}, {"0400", "912"}, {"0400", "400"}},
     0,
     27,
     0,
     {"912"}},
    {"approved, the answer to the reversal was lost",
     {{"0200", "000"}, {"0400", nullptr}, {"0400", "913"}},
     0,
     27},
    {"unanswered, the answer to the reversal was lost",
     {{"0200", nullptr}, {"0400", nullptr}, {"0400", "913"}},
     0,
     27},
    {"approved, 913 at the first attempt", {{"0200", "000"}, {"0400", "913"}}, 27, 0, 0, {"913"}},
    {"approved, 913 behind an answered attempt",
     {{"0200", "000"}, {"0400", "902"}, {"0400", "913"}},
     27,
     0,
     0,
     {"902", "913"}},
    {"approved, reversal refused", {{"0200", "000"}, {"0400", "904"}}, 27, 0, 0, {"904"}},
    {"unanswered, the host knows none", {{"0200", nullptr}, {"0400", "914"}}, 0, 0, 0, {"914"}},
    {"approved, reversed twice", {{"0200", "000"}, {"0400", "000"}, {"0400", "000"}}, 0, 54},
    {"the host does not know, reversed", {{"0200", "912"}, {"0400", "000"}}, 0, 27, 0, {"912"}},
    {"approved with a code that is not 0", {{"0200", "001"}}, 27, 0},
    {"a part approved, all reversed", {{"0200", "002", false, "000000001000"}, {"0400", "000"}}, 0, 27},
    {"a part reversed", {{"0200", "000"}, {"0400", "000", false, "000000000700"}}, 20, 7},
    {"refunded", {{"0200", "000"}, {"0200", "000", true, "000000001000", "000002"}}, 17, 0, 10},
    {"refund reversed",
     {{"0200", "000"},
      {"0200", "000", true, "000000001000", "000002"},
      {"0400", "000", true, "000000001000", "000002"}},
     27,
     10,
     10},
    {"refund unanswered, reversed",
     {{"0200", "000"},
      {"0200", nullptr, true, "000000001000", "000002"},
      {"0400", "000", true, "000000001000", "000002"}},
     27,
     10},
    {"reversed by its reference",
     {{"0200", "000", false, "000000002700", "000001", "000000777777"},
      {"0400", "000", false, "000000002700", "000009", "000000777777"}},
     0,
     27},
    {"another one reversed", {{"0200", "000"}, {"0400", "000", false, "000000002700", "000009"}}, 27, 27},
    {"repeated reversal with its own type", {{"0200", "000"}, {"0400", nullptr}, {"0401", "913"}}, 0, 27},
  };
  for (const auto& r : rows) {
    actors::totals t;
    for (const auto& s : r.steps) {
      auto asked = request(s.mti, s.stan, s.amount, s.refund ? "200000" : "000000");
      const bool by_client = s.reference && asked.mti() == "0400";
      if (by_client)
        asked.set(37, s.reference);
      t.count(asked, {}, nullptr, smart_vista());
      if (!s.code)
        continue;
      auto said = answer(asked, s.code);
      if (s.reference)
        said.set(37, s.reference);
      t.count(said, {}, &asked, smart_vista());
    }
    INFO(r.what << ": " << t.json());
    const auto json = nlohmann::json::parse(t.json());
    CHECK(json.at("securedAmount") == r.secured);
    CHECK(json.at("reversalAmount") == r.reversed);
    CHECK(json.at("refundAmount") == r.refunded);
    nlohmann::json faults = nlohmann::json::object();
    for (const auto* code : r.faults)
      faults[code] = 1;
    CHECK(json.at("faultStat") == faults);
  }
}

TEST_CASE("a balance inquiry secures nothing, whatever amount its answer has") {
  actors::totals t;
  const auto asked = request("0200", "000001", "000000000000", "310000");
  t.count(asked, {}, nullptr, smart_vista());
  auto said = answer(asked, "000");
  said.set(4, "000000123456");
  t.count(said, {}, &asked, smart_vista());
  CHECK(nlohmann::json::parse(t.json()).at("securedAmount") == 0);
}

TEST_CASE("purchases beyond what is remembered are still counted, and their reversals take nothing off") {
  actors::totals t;
  const auto stan = [](int i) { return std::to_string(100000 + i); };
  for (int i = 0; i < 100010; ++i)
    exchange(t, request("0200", stan(i).c_str(), "000000000100"), "000");
  exchange(t, request("0400", stan(0).c_str(), "000000000100"), "000");
  exchange(t, request("0400", stan(100009).c_str(), "000000000100"), "000");
  CHECK(nlohmann::json::parse(t.json()).at("securedAmount") == 100009);
}

TEST_CASE("the template for Zabbix reads what the line of JSON has") {
  std::ifstream file(SOURCE_DIR "/packaging/zabbix/socketqueue.yaml");
  actors::totals t;
  const auto json = nlohmann::json::parse(t.json());
  const std::regex path(R"(- "\$\.(\w+)(?:\.(\w+)\")?)");
  int seen = 0;
  for (std::string line; std::getline(file, line);)
    if (std::smatch found; std::regex_search(line, found, path)) {
      ++seen;
      INFO(line);
      REQUIRE(json.contains(found.str(1)));
      if (found[2].matched)
        CHECK(json.at(found.str(1)).contains(found.str(2)));
    }
  CHECK(seen == 15);
}
