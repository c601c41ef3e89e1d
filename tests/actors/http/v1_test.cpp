// Messages by field names at /v1, what becomes of them, and every problem.

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "actors/http/router.hpp"
#include "codec/text/hex.hpp"
#include "config/enumerated.hpp"
#include "tests/support/v1_calls.hpp"

using namespace std::chrono_literals;
using nlohmann::json;
using support::approval;
using support::http_get;
using support::http_post;
using support::http_response;
using support::virtual_gateway;
using support::v1::documented;
using support::v1::first_id;
using support::v1::last;
using support::v1::message;
using support::v1::purchase;

TEST_CASE("a message by field names is answered by field names, with ids and what it means") {
  virtual_gateway h;
  const auto client = h.http_client(message(purchase()));
  REQUIRE(h.host_got().size() == 1);
  const auto sent = h.host_got()[0];
  CHECK(sent[4] == "000000001000");
  CHECK(sent[12] == "261123120000");
  CHECK(sent[7] == "1123120000");
  CHECK(sent[11].size() == 6);
  auto yes = approval(sent);
  yes.set(38, "ABC123");
  h.host_says(yes);
  const auto r = last(client);
  CHECK(r.status == 200);
  const auto body = r.json();
  CHECK(body.at("outcome") == "approved");
  CHECK(body.at("approved") == true);
  CHECK(body.at("response_code") == "000");
  CHECK(body.at("response_text") == "Successful Transaction");
  CHECK(body.at("stan") == std::string(sent[11]));
  CHECK(body.at("rrn") == "000000000001");
  CHECK(body.at("approval_code") == "ABC123");
  CHECK(body.at("message").at("terminal_id") == "00000042");
  CHECK_THAT(r.body, !Catch::Contains(support::test_pan));
}

TEST_CASE("a decline is an answer, not a problem") {
  virtual_gateway h;
  const auto client = h.http_client(message(purchase()));
  h.host_says(approval(h.host_got()[0], "116"));
  CHECK(last(client).status == 200);
  CHECK(last(client).json().at("outcome") == "declined");
  CHECK(last(client).json().at("approved") == false);
  CHECK(last(client).json().at("response_text") == "Insufficient Funds - Retry");
}

TEST_CASE("a reversal that the host has done is approved, whatever its code says of a purchase") {
  const auto [code, done] = GENERATE(std::pair("400", true), std::pair("000", true), std::pair("116", false));
  virtual_gateway h;
  auto reversal = purchase();
  reversal["mti"] = "0400";
  const auto client = h.http_client(message(reversal));
  h.host_says(approval(h.host_got().back(), code));
  const auto body = last(client).json();
  CHECK(body.at("approved") == done);
  CHECK(body.at("outcome") == (done ? "approved" : "declined"));
}

TEST_CASE("a wrong message is 422 with every field named, and nothing reaches the host") {
  virtual_gateway h;
  auto fields = purchase();
  fields["amount"] = 1000;
  fields["nonsense"] = "1";
  const auto client = h.http_client(message(fields));
  const auto r = last(client);
  CHECK(r.status == 422);
  CHECK(r.has("Content-Type: application/problem+json"));
  CHECK(r.json().at("code") == "bad_fields");
  CHECK(r.json().at("stage") == "request");
  CHECK(r.json().at("outcome") == "not_sent");
  CHECK(r.json().at("errors").at(0).at("field") == "amount");
  CHECK(r.json().at("errors").at(1).at("field") == "nonsense");

  fields = purchase();
  fields.erase("merchant_id");
  fields["local_time"] = "261122120000";
  const auto second = last(h.http_client(message(fields)));
  CHECK(second.json().at("errors").at(0).at("field") == "local_time");
  CHECK(second.json().at("errors").at(1).at("field") == "merchant_id");
  CHECK(h.host_got().empty());
}

TEST_CASE("an error names the field, what is wanted, what came and the nearest name, all at once") {
  virtual_gateway h;
  auto fields = purchase();
  fields["amount"] = 1000;
  fields["amuont"] = "1000";
  fields["stan"] = "";
  fields["terminal_id"] = "123456789";
  fields.erase("merchant_id");
  const auto errors = last(h.http_client(message(fields))).json().at("errors");
  std::map<std::string, std::string> said;
  for (const auto& e : errors)
    said[e.at("field")] = e.at("detail");
  CHECK(said.size() == 5);
  CHECK(said["amount"] == "amount must be text, at most 12 digits, such as \"1000\"; it is a number");
  CHECK(said["amuont"] == "the dialect smartVista has no field amuont; did you mean \"amount\"?");
  CHECK_THAT(said["stan"], Catch::Contains("it is empty"));
  CHECK_THAT(said["terminal_id"], Catch::Contains("it has 9"));
  CHECK_THAT(said["merchant_id"], Catch::Contains("it is missing"));
  CHECK(h.host_got().empty());
}

TEST_CASE("a body that is not JSON, or no object, is 400 with the place where it ends to be that") {
  virtual_gateway h;
  const auto detail = [&](const std::string& body) {
    const auto r = last(h.http_client(http_post("/v1/messages", body, "Content-Type: application/json\r\n")));
    CHECK(r.status == 400);
    CHECK(r.json().at("code") == "bad_json");
    return r.json().at("errors").at(0).at("detail").get<std::string>();
  };
  CHECK(detail("{\n \"amount\": 4850781234567891x}") == "it is not JSON from line 2, column 28 on");
  CHECK(detail("{\"amount\": ") == "it ends too early, at line 1, column 12");
  CHECK(detail("") == "it ends too early, at line 1, column 1");
  for (const auto* body : {"null", "[]", "7", "\"x\""})
    CHECK_THAT(detail(body), Catch::Contains("such as {"));
  CHECK(h.host_got().empty());
}

TEST_CASE("every problem says where it is and what is known about the money") {
  const auto expect = [](const http_response& r, int status, const char* code, const char* stage,
                         const char* outcome) {
    INFO(r.body);
    CHECK(r.status == status);
    CHECK(r.json().at("code") == code);
    CHECK(r.json().at("stage") == stage);
    CHECK(r.json().at("outcome") == outcome);
    CHECK(r.json().at("status") == status);
  };
  {
    virtual_gateway h;
    expect(last(h.http_client(http_post("/v1/messages", "{", "Content-Type: application/json\r\n"))), 400,
           "bad_json", "request", "not_sent");
    expect(last(h.http_client(http_post("/v1/messages", "{}", "Content-Type: text/plain\r\n"))), 415,
           "unsupported_media_type", "request", "not_sent");
    expect(last(h.http_client(http_get("/v1/nowhere"))), 404, "not_found", "request", "not_sent");
    const auto r = last(h.http_client(http_get("/v1/messages")));
    expect(r, 405, "method_not_allowed", "request", "not_sent");
    CHECK(r.has("Allow: POST, OPTIONS"));
    CHECK(h.host_got().empty());
  }
  {
    virtual_gateway h;
    const auto c = h.http_client(message(purchase()));
    h.pass(36s);
    expect(last(c), 504, "timed_out", "timeout", "reversing");
    CHECK(last(c).json().contains("transaction_id"));
  }
  {
    virtual_gateway h;
    const auto c = h.http_client(message(purchase()));
    h.host->vanishes();
    h.run_until_idle();
    expect(last(c), 502, "host_lost", "host", "reversing");
  }
  {
    virtual_gateway h({}, false);
    const auto c = h.http_client(message(purchase()));
    h.pass(36s);
    expect(last(c), 503, "host_down", "queue", "not_sent");
  }
  {
    virtual_gateway h([](config::settings& s) {
      s.queue.messages_max = 1;
      s.queue.refuse_when_full = true;
    });
    h.client({h.purchase("00000001")});
    const auto r = last(h.http_client(message(purchase())));
    expect(r, 503, "queue_full", "queue", "not_sent");
    CHECK(r.has("Retry-After: 5"));
  }
}

TEST_CASE("what became of a message can be asked later, by its id") {
  virtual_gateway h;
  const auto client = h.http_client(message(purchase()));
  h.host_says(approval(h.host_got()[0]));
  const auto id = last(client).json().at("transaction_id").get<std::string>();
  const auto found = last(h.http_client(http_get("/v1/messages/" + id)));
  CHECK(found.status == 200);
  CHECK(found.body == last(client).body);
  CHECK(last(h.http_client(http_get("/v1/messages/txn_nothing"))).json().at("code") == "unknown_transaction");

  const auto lost = h.http_client(message(purchase("43")));
  h.pass(36s);
  const auto lost_id = last(lost).json().at("transaction_id").get<std::string>();
  const auto state = last(h.http_client(http_get("/v1/messages/" + lost_id))).json();
  CHECK(state.at("outcome") == "reversing");
  CHECK(state.at("code") == "timed_out");
  h.host_says(approval(h.host_got_last(), "400"));
  CHECK(last(h.http_client(http_get("/v1/messages/" + lost_id))).json().at("outcome") == "reversed");
}

TEST_CASE("a HEAD shows nobody an approval, so it proves nothing and gives no time") {
  for (const auto delivery :
       {config::http_delivery::tcp, config::http_delivery::idempotent, config::http_delivery::confirm}) {
    INFO(config::word_of(delivery));
    const auto change = [delivery](config::settings& s) { s.delivery.http = delivery; };
    const auto id = first_id(change, message(purchase(), "order-1"));
    virtual_gateway h(change);
    const auto client = h.http_client(message(purchase(), "order-1"));
    client->stop_reading();
    h.host_says(approval(h.host_got()[0]));
    client->vanishes();
    h.run_until_idle();
    for (int second = 0; second < 60; ++second) {
      const auto head = h.http_client(http_get("/v1/messages/" + id, "HEAD"));
      h.pass(1s);
      REQUIRE(head->sent.size() == 1);
      CHECK_THAT(head->sent[0], Catch::EndsWith("\r\n\r\n"));
    }
    REQUIRE(h.host_got().size() >= 2);
    CHECK(h.host_got()[1].mti() == "0400");
  }
}

TEST_CASE("a GET that shows the approval proves that its client has it") {
  const auto id = first_id({}, message(purchase(), "order-1"));
  virtual_gateway h;
  const auto client = h.http_client(message(purchase(), "order-1"));
  client->stop_reading();
  h.host_says(approval(h.host_got()[0]));
  client->vanishes();
  h.run_until_idle();
  h.http_client(http_get("/v1/messages/" + id, "HEAD"));
  CHECK(last(h.http_client(http_get("/v1/messages/" + id))).json().at("outcome") == "approved");
  h.pass(120s);
  CHECK(h.host_got().size() == 1);
  CHECK(h.cases().empty());
}

TEST_CASE("a STAN that the gateway chooses is not one that it has just chosen") {
  virtual_gateway h;
  actors::environment env = *h.env;
  env.random = [] { return std::uint64_t{7}; };
  std::set<std::string> stans;
  for (int i = 0; i < 1000; ++i) {
    net::http_request request;
    request.method = "POST";
    request.path = "/v1/messages";
    request.content_type = "application/json";
    request.body = purchase().dump();
    const auto action = actors::route(request, {env, support::smart_vista()});
    REQUIRE(std::holds_alternative<actors::http_call>(action));
    const std::string stan(std::get<actors::http_call>(action).request[11]);
    CHECK(stan.size() == 6);
    CHECK(stan != "000000");
    stans.insert(stan);
  }
  CHECK(stans.size() == 1000);
}

TEST_CASE("an empty value is no value, whatever its field") {
  const auto errors = [](json fields) {
    virtual_gateway h;
    const auto r = last(h.http_client(message(fields)));
    INFO(fields.dump() << r.body);
    CHECK(r.status == 422);
    CHECK(h.host_got().empty());
    return r.json().contains("errors") ? r.json().at("errors").at(0).at("field").get<std::string>() : "";
  };
  for (const auto* name : {"mti", "processing_code", "amount", "pos_entry_mode", "function_code",
                           "pos_condition_code", "track2", "terminal_id", "merchant_id", "currency", "stan",
                           "local_time", "transmission_time", "rrn", "pan", "icc", "pin_block", "expiry"})
    for (const json& value : {json(""), json(" "), json("   "), json("\t"), json()}) {
      auto fields = purchase();
      fields[name] = value;
      CHECK(errors(fields) == name);
    }
  auto fields = purchase();
  fields["icc"] = json::object();
  CHECK(errors(fields) == "icc");
}

TEST_CASE("every refusal is in the log, with its reason and the fields' names, without a value") {
  struct row {
    std::string bytes;
    std::vector<std::string> says;
  };
  auto wrong = purchase();
  wrong["amount"] = "1x";
  wrong["4850781234567891"] = "1";
  wrong.erase("track2");
  wrong["4111111111111111 2512"] = "1";
  const std::vector<row> rows{
    {message(wrong),
     {"422", "bad_fields",
      "amount must be text, at most 12 digits, such as \"1000\"; its character 2 is none of them"}},
    {http_post("/v1/messages", "{", "Content-Type: application/json\r\n"), {"400", "bad_json"}},
    {http_post("/v1/messages", "{}", "Content-Type: text/plain\r\n"), {"415", "unsupported_media_type"}},
    {http_get("/v1/nowhere"), {"404", "not_found"}},
    {http_get("/v1/messages/txn_nothing"), {"404", "unknown_transaction"}},
    {http_get("/v1/messages"), {"405", "method_not_allowed"}},
    {http_post("/v1/describe", "30", "Content-Type: text/plain\r\n"), {"422", "bad_fields"}},
    {message(purchase(), std::string(256, 'k')), {"400", "bad_idempotency_key"}},
    {http_post("/", "{"), {"400", "SyntaxError"}},
    {http_post("/", "{\"0\":\"0200\",\"4\":\"1x\"}"),
     {"500", "No field 41", "Field 4 expected to be numeric"}},
    {http_post("/raw", "zz"), {"500", "Failed to parse packet!"}},
    {http_get("/nowhere"), {"404", "Not Found"}},
    {"nonsense\r\n\r\n", {"400", "Bad Request"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n", {"413", "Payload Too Large"}}};
  for (const auto& r : rows) {
    virtual_gateway h;
    h.http_client(r.bytes);
    INFO(r.bytes.substr(0, 60));
    const auto line = std::ranges::find_if(
      h.log, [](const std::string& l) { return l.find(" is refused") != std::string::npos; });
    REQUIRE(line != h.log.end());
    for (const auto& text : r.says)
      CHECK_THAT(*line, Catch::Contains(text));
    CHECK_THAT(*line, !Catch::Contains("1x") && !Catch::Contains("4850781234567891") &&
                        !Catch::Contains("4111111111111111"));
  }
  virtual_gateway slow;
  slow.http_client("POST / HTTP/1.1\r\nHost: a\r\n");
  slow.pass(16s);
  CHECK(slow.logged("is refused, 408: Request Timeout"));
  virtual_gateway full([](config::settings& s) {
    s.queue.messages_max = 1;
    s.queue.refuse_when_full = true;
  });
  full.client({full.purchase("00000001")});
  full.http_client(message(purchase()));
  CHECK(full.logged("is refused, 503: queue_full"));
}

TEST_CASE("hexadecimal is described, card data masked") {
  virtual_gateway h;
  const auto hex = codec::to_hex(support::wire(support::purchase()));
  for (const auto& request : {http_post("/v1/describe", hex, "Content-Type: text/plain\r\n"),
                              http_post("/v1/describe", json{{"hex", hex}}.dump())}) {
    const auto r = last(h.http_client(request));
    CHECK(r.status == 200);
    CHECK(r.json().at("title") == "Purchase Request");
    CHECK(r.json().at("message").at("amount") == "000000001000");
    CHECK_THAT(r.body, !Catch::Contains(support::test_pan));
  }
  CHECK(last(h.http_client(http_post("/v1/describe", "30", "Content-Type: text/plain\r\n"))).status == 422);
  CHECK(last(h.http_client(http_post("/v1/describe", "{}"))).status == 400);
}

TEST_CASE("of a transaction that nobody remembers, the money is not said to be unsent") {
  virtual_gateway h;
  CHECK(last(h.http_client(http_get("/v1/messages/txn_nothing"))).json().at("outcome") == "unknown");
}

TEST_CASE("bytes beyond ASCII, of the host or of a path, end in a reply") {
  virtual_gateway h;
  const auto client = h.http_client(message(purchase()));
  auto yes = approval(h.host_got()[0]);
  yes.set(38,
          "AB\xe9"
          "123");
  h.host_says(yes);
  CHECK(last(client).json().at("approval_code") ==
        "AB\u00e9"
        "123");
  CHECK(last(h.http_client(http_get("/v1/messages/txn_\xe9"))).status == 404);
  auto m = support::purchase();
  m.set(62, "caf\xe9");
  CHECK(last(h.http_client(
               http_post("/v1/describe", codec::to_hex(support::wire(m)), "Content-Type: text/plain\r\n")))
          .status == 200);
}

TEST_CASE("a JSON object with one member twice is refused with the member's name, and nothing is sent") {
  virtual_gateway h;
  const auto refused = [&](const std::string& body) {
    const auto r = documented(last(h.http_client(http_post("/v1/messages", body))), "/v1/messages");
    CHECK(r.status == 422);
    CHECK(r.json().at("code") == "bad_fields");
    CHECK(r.json().at("errors").size() == 1);
    return r.json().at("errors").at(0);
  };
  auto body = purchase().dump();
  body.pop_back();
  const auto twice = refused(body + R"(,"amount":"9000"})");
  CHECK(twice.at("field") == "amount");
  CHECK(twice.at("detail") == "given twice; leave one of them");
  CHECK(refused(body + R"(,"icc":{"9F26":"571F1E10D4FA4AAC","9F27":"80","9F26":"571F1E10D4FA4AAD"}})")
          .at("field") == "icc.9F26");
  CHECK(refused(body + R"(,"icc":{"9F26":"571F1E10D4FA4AAC","9f26":"571F1E10D4FA4AAD"}})").at("field") ==
        "icc.9f26");
  CHECK(h.host_got().empty());
  const auto described = last(h.http_client(http_post("/v1/describe", R"({"hex":"30","hex":"31"})")));
  CHECK(described.status == 422);
  CHECK(described.json().at("errors").at(0).at("field") == "hex");
}

TEST_CASE("no problem shows a card number that came as a field's name or as an id") {
  virtual_gateway h;
  const auto pan = std::string(support::test_pan);
  auto fields = purchase();
  fields[pan] = "1";
  fields["icc"] = {{pan, "00"}};
  const auto named = last(h.http_client(message(fields)));
  CHECK(named.status == 422);
  CHECK_THAT(named.body, Catch::Contains("485078******7891") && !Catch::Contains(pan));
  auto body = purchase().dump();
  body.pop_back();
  const auto twice =
    last(h.http_client(http_post("/v1/messages", body + ",\"" + pan + "\":\"1\",\"" + pan + "\":\"2\"}")));
  CHECK(twice.status == 422);
  CHECK_THAT(twice.body, Catch::Contains("485078******7891") && !Catch::Contains(pan));
  for (const auto& path : {"/v1/messages/" + pan, "/v1/messages/" + pan.substr(0, 4) + "-" + pan.substr(4)}) {
    const auto unknown = last(h.http_client(http_get(path)));
    CHECK(unknown.status == 404);
    CHECK_THAT(unknown.body, Catch::Contains("485078") && !Catch::Contains(pan.substr(4)));
  }
}

TEST_CASE("of very many faults in tags or fields only the first are told") {
  virtual_gateway h;
  json tags, fields = {{"mti", "0200"}};
  for (int i = 0; i < 5000; ++i) {
    tags[std::to_string(i)] = "no hexadecimal digits";
    fields["unknown " + std::to_string(i)] = "1";
  }
  for (const auto& message : {json{{"mti", "0200"}, {"icc", tags}}, fields}) {
    const auto r =
      last(h.http_client(http_post("/v1/messages", message.dump(), "Content-Type: application/json\r\n")));
    CHECK(documented(r, "/v1/messages").status == 422);
    // Beside them, the fields that are missing.
    CHECK(r.json().at("errors").size() <= 40);
  }
}

TEST_CASE("JSON that nests deeper than any message is refused before it is read") {
  virtual_gateway h;
  for (const auto* path : {"/v1/messages", "/v1/describe", "/"}) {
    const auto r =
      last(h.http_client(http_post(path, std::string(100000, '['), "Content-Type: application/json\r\n")));
    INFO(path << r.body);
    CHECK(r.status == 400);
    CHECK_THAT(r.body, Catch::Contains("nest") && Catch::Contains("deep"));
  }
  const std::string brackets_in_text(100, '[');
  const auto r =
    last(h.http_client(http_post("/v1/messages", R"({"mti":"0200","fees":"\")" + brackets_in_text + "\"}",
                                 "Content-Type: application/json\r\n")));
  CHECK(r.status == 422);
}
