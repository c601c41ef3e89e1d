// A message that an operator pastes into the admin port.

#include <catch2/catch.hpp>

#include "actors/operator/admin_describe.hpp"
#include "codec/text/hex.hpp"
#include "tests/support/admin_calls.hpp"
#include "tests/support/http.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using Catch::Contains;
using nlohmann::json;
using support::http_get;
using support::http_response;
using support::reply_to;
using support::virtual_gateway;

namespace {

http_response describe(virtual_gateway& g, const std::string& text, const std::string& dialect = "") {
  return reply_to(g, support::http_post("/v1/describe", json{{"text", text}, {"dialect", dialect}}.dump()));
}

json field(const json& answer, const std::string& path) {
  for (const auto& f : answer.at("messages").at(0).at("fields"))
    if (f.at("path") == path)
      return f;
  return {};
}

std::string hex_of_purchase(virtual_gateway& g) { return codec::to_hex(support::wire(g.purchase())); }

}  // namespace

TEST_CASE("a pasted message is told field by field, with its card masked, in the dialect that fits") {
  virtual_gateway g;
  for (const auto* dialect : {"", "smartVista", "SMARTVISTA"}) {
    const auto r = describe(g, hex_of_purchase(g), dialect);
    CHECK(r.status == 200);
    const auto answer = r.json();
    CHECK(answer.at("dialect") == "smartVista");
    CHECK(answer.at("detected") == (std::string(dialect).empty()));
    CHECK(field(answer, "41").at("value") == "00000042");
    CHECK(field(answer, "4").at("value") == "000000001000");
    CHECK(answer.at("faults").empty());
    CHECK_THAT(r.body, !Contains(support::test_pan));
  }
  CHECK_FALSE(g.logged(support::test_pan));
}

TEST_CASE(
  "while a message is read beside the loop, another one is refused with a sentence, and the loop goes on") {
  virtual_gateway g;
  std::vector<std::function<void()>> beside;
  std::const_pointer_cast<actors::environment>(g.env)->aside =
    [&beside](caf::actor_system&, std::function<void()> work) { beside.push_back(std::move(work)); };
  const auto body = json{{"text", hex_of_purchase(g)}}.dump();
  const auto first = g.admin_client(support::http_post("/v1/describe", body));
  REQUIRE(beside.size() == 1);
  CHECK(first->sent.empty());
  const auto second = describe(g, hex_of_purchase(g));
  CHECK(second.status == 503);
  CHECK(second.json().at("code") == "busy");
  CHECK_THAT(second.json().at("title").get<std::string>(), Contains("ask again"));
  CHECK(reply_to(g, http_get("/livez")).status == 200);
  // Who asked has gone: it is read all the same, and nobody else's is until then.
  first->vanishes();
  g.pass(1s);
  CHECK(describe(g, hex_of_purchase(g)).status == 503);
  beside.front()();
  g.run_until_idle();
  g.admin_client(support::http_post("/v1/describe", body));
  CHECK(beside.size() == 2);
  beside.back()();
  g.run_until_idle();
}

TEST_CASE("a pasted message that another dialect explains better is read by that one") {
  virtual_gateway g;
  // 0800 of an ASCII dialect with a bitmap in hexadecimal: fields 7, 11 and 70.
  const std::string text = "0800822000000000000004000000000000001126220000000123301";
  const auto r = describe(g, codec::to_hex(text));
  CHECK(r.status == 200);
  CHECK(r.json().at("dialect") == "iso87-ascii");
  CHECK(field(r.json(), "70").at("value") == "301");
}

TEST_CASE("a pasted message whose end is missing is read in the gateway's own dialect, its card masked") {
  virtual_gateway g;
  const auto whole = hex_of_purchase(g);
  for (const std::size_t missing : {1, 2, 5, 10}) {
    const auto r = describe(g, whole.substr(0, whole.size() - 2 * missing), "");
    INFO(missing << " bytes less: " << r.body);
    CHECK(r.status == 200);
    CHECK(r.json().at("dialect") == "smartVista");
    CHECK(r.json().at("detected") == false);
    CHECK_THAT(r.body, !Contains(std::string(support::test_pan).substr(6, 6)));  // between what a mask shows
  }
}

TEST_CASE("what cannot be read of a pasted message is told with its byte") {
  virtual_gateway g;
  const auto whole = hex_of_purchase(g);
  const auto r = describe(g, whole.substr(0, whole.size() - 20), "smartVista");
  CHECK(r.status == 200);
  const auto all = r.json();
  const auto& faults = all.at("messages").at(0).at("faults");
  REQUIRE(faults.size() == 1);
  CHECK(faults.at(0).at("offset").get<int>() > 20);
  CHECK_FALSE(faults.at(0).at("reason").get<std::string>().empty());
}

TEST_CASE("a pasted JSON object of fields is read as the message that it makes") {
  virtual_gateway g;
  const json fields{{"mti", "0800"}, {"11", "000123"}, {"70", "301"}};
  const auto r = describe(g, fields.dump(), "iso87-ascii");
  INFO(r.body);
  CHECK(r.status == 200);
  CHECK(field(r.json(), "11").at("value") == "000123");
  const auto wrong = describe(g, json{{"mti", "0800"}, {"stam", "1"}}.dump(), "iso87-ascii");
  CHECK(wrong.status == 400);
  CHECK_THAT(wrong.body, Contains("stam"));
}

TEST_CASE("a pasted text that is no message gets one sentence, and no file is read") {
  virtual_gateway g;
  const auto path = std::string(SOURCE_DIR) + "/config/dialects/openWay.json";
  for (const auto& [text, dialect, says] : std::vector<std::array<std::string, 3>>{
         {"hello", "", "hexadecimal"},
         {"303", "", "two a byte"},
         {"", "", "hexadecimal"},
         {"30", path, "no such dialect"},
         {path, "", "hexadecimal"},
         {std::string(actors::described_text_max + 2, '0'), "", "longer"}}) {
    const auto r = describe(g, text, dialect);
    CHECK(r.status == 400);
    CHECK_THAT(r.json().at("title").get<std::string>(), Contains(says));
  }
  CHECK(reply_to(g, support::http_post("/v1/describe", "[]")).status == 400);
  CHECK(reply_to(g, support::http_post("/v1/describe", "{\"text\":1}")).status == 400);
}

TEST_CASE("the dialects that can be named are the gateway's own first, and each once") {
  virtual_gateway g;
  const auto all =
    reply_to(g, http_get("/v1/dialects")).json().at("dialects").get<std::vector<std::string>>();
  REQUIRE(all.size() > 5);
  CHECK(all.front() == "smartVista");
  CHECK(std::ranges::count(all, "smartvista") == 0);
  CHECK(std::ranges::count(all, "openway") == 1);
}
