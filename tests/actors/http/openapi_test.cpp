// The OpenAPI document says what /v1 does.

#include <catch2/catch.hpp>

#include <algorithm>

#include "actors/http/openapi.hpp"
#include "actors/http/router.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/named_json.hpp"
#include "config/dialects.hpp"
#include "tests/support/v1_calls.hpp"

using namespace std::chrono_literals;
using nlohmann::json;
using support::approval;
using support::http_get;
using support::http_post;
using support::virtual_gateway;
using support::v1::documented;
using support::v1::last;
using support::v1::message;
using support::v1::purchase;

TEST_CASE("the OpenAPI document names every field, and its examples work as they are") {
  virtual_gateway h;
  const auto r = last(h.http_client(http_get("/v1/openapi.json")));
  CHECK(r.status == 200);
  const auto document = r.json();
  CHECK(document.at("openapi") == "3.1.0");
  const auto& properties = document.at("components").at("schemas").at("Message").at("properties");
  for (const auto& spec : support::smart_vista().fields)
    if (spec)
      CHECK(properties.contains(spec->alias));
  for (const auto* path : {"/v1/messages", "/v1/messages/{id}", "/v1/messages/{id}/confirm", "/v1/describe"})
    CHECK(document.at("paths").contains(path));
  for (const auto* outcome :
       {"approved", "declined", "pending", "not_sent", "reversing", "reversed", "unknown"})
    CHECK_THAT(
      document.at("components").at("schemas").at("Answer").at("properties").at("outcome").at("enum").dump(),
      Catch::Contains(outcome));
  for (const auto* path : {"/v1/messages", "/v1/describe"}) {
    const auto& content =
      document.at("paths").at(path).at("post").at("requestBody").at("content").at("application/json");
    const auto client = h.http_client(http_post(path, content.at("example").dump()));
    if (!h.host_got().empty())
      h.host_says(approval(h.host_got().back()));
    INFO(path);
    CHECK(last(client).status == 200);
  }
  // Every reference leads somewhere.
  const auto text = document.dump();
  for (auto at = text.find("#/components/schemas/"); at != std::string::npos;
       at = text.find("#/components/schemas/", at + 1))
    CHECK(
      document.at("components").at("schemas").contains(text.substr(at + 21, text.find('"', at) - at - 21)));
  const auto head = h.http_client(http_get("/v1/openapi.json", "HEAD"));
  CHECK_THAT(head->sent.at(0), Catch::StartsWith("HTTP/1.1 200 OK") && Catch::EndsWith("\r\n\r\n"));
}

TEST_CASE("every answer is what the OpenAPI document says") {
  const std::string messages = "/v1/messages", one = "/v1/messages/{id}",
                    confirmed = "/v1/messages/{id}/confirm", described = "/v1/describe";
  {
    virtual_gateway h([](config::settings& s) { s.delivery.http = config::http_delivery::confirm; });
    auto fields = purchase();
    fields["pan"] = support::test_pan;
    fields["expiry"] = "2512";
    fields["pin_block"] = "0123456789abcdef";
    fields["icc"] = {{"9F26", "571F1E10D4FA4AAC"}, {"5A", support::test_pan}};
    const auto client = h.http_client(message(fields));
    auto yes = approval(h.host_got()[0]);
    yes.set(2, support::test_pan);
    yes.set(35, std::string(support::test_pan) + "=25122011000000000000");
    yes.set(38, "ABC123");
    yes.set(46, "fee of 4850-7812-3456-7891");
    yes.set(52, "0123456789abcdef");
    yes.set(62, "caf\xe9");
    h.host_says(yes);
    const auto r = documented(last(client), messages);
    CHECK(r.json().at("outcome") == "approved");
    CHECK(r.json().at("message").at("pan") == "485078******7891");
    const auto id = r.json().at("transaction_id").get<std::string>();
    documented(last(h.http_client(http_get("/v1/messages/" + id))), one, "get");
    CHECK(documented(last(h.http_client(http_post("/v1/messages/" + id + "/confirm", ""))), confirmed)
            .json()
            .at("outcome") == "approved");
    documented(last(h.http_client(http_get("/v1/messages/nothing"))), one, "get");
    documented(last(h.http_client(http_post("/v1/messages/nothing/confirm", ""))), confirmed);
    fields["terminal_id"] = "43";
    fields["icc"] = "5a0848";  // no EMV tags
    const auto no = h.http_client(message(fields));
    h.host_says(approval(h.host_got_last(), "116"));
    CHECK(documented(last(no), messages).json().at("outcome") == "declined");
    const auto unknown = h.http_client(message(purchase("44")));
    h.host_says(approval(h.host_got_last(), "777"));
    CHECK(documented(last(unknown), messages).json().at("response_text").is_null());
    const auto pending = h.http_client(message(purchase("45"), "k"));
    h.pass(36s);
    const auto lost = documented(last(pending), messages);
    CHECK(lost.json().at("outcome") == "reversing");
    const auto lost_id = lost.json().at("transaction_id").get<std::string>();
    documented(last(h.http_client(http_get("/v1/messages/" + lost_id))), one, "get");
    documented(last(h.http_client(http_post("/v1/messages/" + lost_id + "/confirm", ""))), confirmed);
    auto other = purchase("45");
    other["amount"] = "5";
    CHECK(documented(last(h.http_client(message(other, "k"))), messages).status == 409);
    CHECK(documented(last(h.http_client(message(purchase(), std::string(256, 'k')))), messages).status ==
          400);
    other["nonsense"] = 1;
    CHECK(documented(last(h.http_client(message(other))), messages).status == 422);
    CHECK(documented(last(h.http_client(http_post("/v1/messages", "{"))), messages).status == 400);
    CHECK(documented(last(h.http_client(http_post("/v1/messages", "{}", "Content-Type: text/plain\r\n"))),
                     messages)
            .status == 415);
    const auto hex = codec::to_hex(support::wire(yes));
    CHECK(documented(last(h.http_client(http_post("/v1/describe", json{{"hex", hex}}.dump()))), described)
            .status == 200);
    CHECK(documented(last(h.http_client(http_post("/v1/describe", "zz", "Content-Type: text/plain\r\n"))),
                     described)
            .status == 422);
    CHECK(documented(last(h.http_client(http_post("/v1/describe", "30", "Content-Type: text/plain\r\n"))),
                     described)
            .status == 422);
    CHECK(documented(last(h.http_client(http_post("/v1/describe", "{}"))), described).status == 400);
  }
  {
    virtual_gateway h([](config::settings& s) {
      s.queue.messages_max = 1;
      s.queue.refuse_when_full = true;
    });
    h.client({h.purchase("00000001")});
    CHECK(documented(last(h.http_client(message(purchase()))), messages).status == 503);
  }
  {
    virtual_gateway h;
    const auto c = h.http_client(message(purchase()));
    h.host->vanishes();
    h.run_until_idle();
    CHECK(documented(last(c), messages).status == 502);
  }
  for (int i = static_cast<int>(actors::refusal::malformed);
       i <= static_cast<int>(actors::refusal::failed_unknown); ++i) {
    virtual_gateway h;
    net::http_request request;
    request.method = "POST";
    request.path = "/v1/messages";
    request.content_type = "application/json";
    request.body = purchase().dump();
    const auto action = actors::route(request, {*h.env, support::smart_vista()});
    const auto bytes = net::write_http_reply(
      std::get<actors::http_call>(action).render("txn_1", actors::refused{static_cast<actors::refusal>(i)}),
      request, true);
    documented(support::http_responses(bytes).at(0), messages);
  }
}

TEST_CASE("what the document lets a client send is the example, and not a message without content") {
  const json document = actors::openapi(support::smart_vista());
  const auto& content =
    document.at("paths").at("/v1/messages").at("post").at("requestBody").at("content").at("application/json");
  const support::json_schema schema(document);
  CHECK(schema.faults(content.at("example"), content.at("schema")) == "");
  auto wrong = content.at("example");
  wrong["amount"] = "";
  wrong["pan"] = "485078******7891";
  wrong["merchant_id"] = 5;
  wrong.erase("mti");
  const auto faults = schema.faults(wrong, content.at("schema"));
  for (const auto* field : {"/amount: shorter", "/pan: '485078******7891' does not match",
                            "/merchant_id: number is not", "\"mti\" is missing"})
    CHECK_THAT(faults, Catch::Contains(field));
}

TEST_CASE("the OpenAPI document shows the parts of fields and the values of coded ones") {
  auto file = json::parse(config::built_in_dialect("postilion"));
  for (auto& row : file["fields"])
    if (row["field"] == 127)
      row["privacy"] = "open";
    else if (row["field"] == 3)
      row.update({{"values", {{"000000", "Purchase"}, {"200000", "Refund"}}}, {"onlyValues", true}});
  const auto d = codec::parse_dialect(file.dump()).value();
  const json document = actors::openapi(d);
  const support::json_schema schema(document);
  const auto& message = document.at("components").at("schemas").at("Message");
  const auto parts = codec::name_of(*d.find(127));
  CHECK(schema.faults({{"mti", "0200"}, {"processing_code", "200000"}, {parts, {{"switch_key", "K"}}}},
                      message) == "");
  CHECK(schema.faults({{"mti", "0200"}, {parts, {{"authorization_profile", "x"}}}}, message) != "");
  CHECK(schema.faults({{"mti", "0200"}, {parts, {{"no_such_part", "x"}}}}, message) != "");
  CHECK_THAT(schema.faults({{"mti", "0200"}, {"processing_code", "300000"}}, message),
             Catch::Contains("is none of [\"000000\",\"200000\"]"));
  const auto& answered = document.at("components").at("schemas").at("MaskedMessage");
  const auto& code = answered.at("properties").at(codec::name_of(*d.find(39)));
  CHECK_THAT(code.at("description").get<std::string>(), Catch::Contains("00: Approved"));
  CHECK(std::ranges::find(code.at("anyOf").at(0).at("enum"), "51") !=
        code.at("anyOf").at(0).at("enum").end());
  auto m = codec::from_named_json({{"mti", "0210"}, {"39", "51"}, {parts, {{"switch_key", "K"}}}}, d).value();
  CHECK(schema.faults(codec::to_named_json(m, d), answered) == "");
}
