// The interface of today.

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "actors/http/openapi.hpp"
#include "actors/http/router.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/legacy_json.hpp"
#include "codec/text/named_json.hpp"
#include "config/dialects.hpp"
#include "config/enumerated.hpp"
#include "tests/support/http.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using nlohmann::json;
using player::connection_ptr;
using support::approval;
using support::http_get;
using support::http_post;
using support::http_response;
using support::virtual_gateway;

namespace {

std::vector<http_response> responses(const connection_ptr& c) {
  std::string text;
  for (const auto& s : c->sent)
    text += s;
  return support::http_responses(text);
}

http_response last(const connection_ptr& c) {
  const auto all = responses(c);
  REQUIRE_FALSE(all.empty());
  return all.back();
}

// What is wrong with an answer by our own OpenAPI document: its status, its type or its body.
std::string faults_of(const http_response& r, const std::string& path, const std::string& method) {
  static const json document = actors::openapi(support::smart_vista());
  const auto& answers = document.at("paths").at(path).at(method).at("responses");
  const auto status = std::to_string(r.status);
  if (!answers.contains(status))
    return "the document has no status " + status + "\n";
  for (const auto& [type, content] : answers.at(status).at("content").items())
    return (r.has("Content-Type: " + type) ? "" : "it is no " + type + "\n") +
           support::json_schema(document).faults(r.json(), content.at("schema"));
  return "the document has no body\n";
}

// Of whatever a client got at one of the paths of /v1.
http_response documented(const http_response& r, const std::string& path,
                         const std::string& method = "post") {
  INFO(r.head << r.body);
  CHECK(faults_of(r, path, method) == "");
  return r;
}

// What a newcomer sends: no times, no STAN.
json purchase(const char* tid = "42") {
  return {{"mti", "0200"},
          {"processing_code", "000000"},
          {"amount", "1000"},
          {"pos_entry_mode", "021"},
          {"function_code", "200"},
          {"pos_condition_code", "00"},
          {"track2", "4850781234567891=25122011000000000000"},
          {"terminal_id", tid},
          {"merchant_id", "123"},
          {"currency", "643"}};
}

std::string message(const json& fields, const std::string& key = "") {
  return http_post(
    "/v1/messages", fields.dump(),
    "Content-Type: application/json\r\n" + (key.empty() ? "" : "Idempotency-Key: " + key + "\r\n"));
}

// The id that a gateway like this one gives to its first transaction: of one seed all are alike.
std::string first_id(const std::function<void(config::settings&)>& change, const std::string& bytes) {
  virtual_gateway twin(change);
  const auto client = twin.http_client(bytes);
  twin.host_says(approval(twin.host_got().at(0)));
  return last(client).json().at("transaction_id").get<std::string>();
}

}  // namespace

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
    virtual_gateway h([](config::settings& s) { s.queue.messages_max = 1; });
    h.client({h.purchase("00000001")});
    const auto r = last(h.http_client(message(purchase())));
    expect(r, 503, "queue_full", "queue", "not_sent");
    CHECK(r.has("Retry-After: 5"));
  }
}

TEST_CASE("twenty parallel repeats under one key are one message at the host and twenty equal answers") {
  virtual_gateway h;
  std::vector<connection_ptr> clients;
  for (int i = 0; i < 20; ++i)
    clients.push_back(h.http_client(message(purchase(), "order-1")));
  REQUIRE(h.host_got().size() == 1);
  h.host_says(approval(h.host_got()[0]));
  const auto first = last(clients[0]).body;
  for (const auto& c : clients)
    CHECK(last(c).body == first);
  // Later too, and with the keys of its JSON in another order.
  CHECK(last(h.http_client(message(purchase(), "order-1"))).body == first);
  CHECK(h.host_got().size() == 1);
  h.pass(1h);
  CHECK(last(h.http_client(message(purchase(), "order-1"))).body == first);
  CHECK(h.host_got().size() == 1);
}

TEST_CASE("other content under the same key is 409, another key is another message") {
  virtual_gateway h;
  h.http_client(message(purchase(), "order-1"));
  auto other = purchase();
  other["amount"] = "2000";
  const auto conflict = last(h.http_client(message(other, "order-1")));
  CHECK(conflict.status == 409);
  CHECK(conflict.json().at("code") == "idempotency_conflict");
  CHECK(h.host_got().size() == 1);
  h.http_client(message(purchase("43"), "order-2"));
  CHECK(h.host_got().size() == 2);
}

TEST_CASE("an unknown outcome stays the answer of its key, a refusal before sending makes the key free") {
  virtual_gateway h;
  const auto lost = h.http_client(message(purchase(), "order-1"));
  h.pass(36s);
  CHECK(last(lost).status == 504);
  CHECK(last(h.http_client(message(purchase(), "order-1"))).status == 504);
  REQUIRE(h.host_got().size() == 2);
  CHECK(h.host_got()[1].mti() == "0400");

  virtual_gateway down({}, false);
  const auto unsent = down.http_client(message(purchase(), "order-1"));
  down.pass(36s);
  CHECK(last(unsent).status == 503);
  while (!down.dialer->calling)
    down.pass(1s);
  down.host_answers();
  const auto again = down.http_client(message(purchase(), "order-1"));
  REQUIRE(down.host_got().size() == 1);
  down.host_says(approval(down.host_got()[0]));
  CHECK(last(again).status == 200);
}

TEST_CASE("keys work at / and /raw as well, and are forgotten after a day") {
  virtual_gateway h;
  const auto m = codec::to_json(h.purchase(), support::smart_vista()).dump();
  const auto headers = std::string("Idempotency-Key: k\r\n");
  const auto a = h.http_client(http_post("/", m, headers)), b = h.http_client(http_post("/", m, headers));
  CHECK(h.host_got().size() == 1);
  h.host_says(approval(h.host_got()[0]));
  CHECK(last(a).body == last(b).body);
  CHECK(last(h.http_client(http_post("/raw", codec::to_hex(support::wire(h.purchase())), headers))).status ==
        409);
  h.pass(23h);
  CHECK(last(h.http_client(http_post("/", m, headers))).body == last(a).body);
  CHECK(h.host_got().size() == 1);
  h.pass(2h);
  h.http_client(message(purchase(), "k"));
  CHECK(h.host_got().size() == 2);
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
    {message(wrong), {"422", "bad_fields", "amount: not a digit"}},
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
  virtual_gateway full([](config::settings& s) { s.queue.messages_max = 1; });
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
    virtual_gateway h([](config::settings& s) { s.queue.messages_max = 1; });
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
      std::get<actors::http_call>(action).render("txn_1", static_cast<actors::refusal>(i)), request, true);
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

TEST_CASE("a repeat is answered from memory though it has expired, the queue is full, or the gateway ends") {
  virtual_gateway h([](config::settings& s) { s.queue.messages_max = 1; });
  auto fields = purchase();
  fields["local_time"] = "261123120000";
  const auto first = h.http_client(message(fields, "order-1"));
  h.host_says(approval(h.host_got()[0]));
  const auto answer = last(first).body;
  h.pass(40s);
  CHECK(last(h.http_client(message(fields, "order-1"))).body == answer);
  CHECK(last(h.http_client(message(fields, "order-2"))).status == 422);

  const auto late = h.http_client();
  h.client({h.purchase("00000077")});
  CHECK(last(h.http_client(message(fields, "order-1"))).body == answer);
  const auto bytes = message(fields, "order-1");
  late->says(bytes.substr(0, 20));
  h.run_until_idle();
  h.system.spawn([&](caf::event_based_actor* self) {
    self->request(h.gateway, caf::infinite, actors::drain_atom::value).then([](const actors::test_report&) {
    });
  });
  h.run_until_idle();
  late->says(bytes.substr(20));
  h.run_until_idle();
  CHECK(last(late).body == answer);
  CHECK(h.host_got().size() == 2);
}

TEST_CASE("what is remembered survives the registry, and what was under way then is reversed") {
  virtual_gateway h;
  const auto done = h.http_client(message(purchase("1"), "done"));
  h.host_says(approval(h.host_got()[0]));
  const auto under_way = h.http_client(message(purchase("2"), "under-way"));
  caf::anon_send_exit(h.part("idempotency"), caf::exit_reason::kill);
  h.pass(1s);
  CHECK(last(under_way).json().at("outcome") == "reversing");
  CHECK(last(h.http_client(message(purchase("1"), "done"))).body == last(done).body);
  CHECK(last(h.http_client(message(purchase("2"), "under-way"))).json().at("outcome") == "reversing");
  CHECK(h.host_got().size() == 2);
}

TEST_CASE("of a transaction that nobody remembers, the money is not said to be unsent") {
  virtual_gateway h;
  CHECK(last(h.http_client(http_get("/v1/messages/txn_nothing"))).json().at("outcome") == "unknown");
}

TEST_CASE("a key longer than 255 characters is refused") {
  virtual_gateway h;
  CHECK(last(h.http_client(message(purchase(), std::string(256, 'k')))).status == 400);
  CHECK(h.host_got().empty());
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

// --- more keys than memory holds ---

namespace {

// A purchase of another kind.
json order_of(const char* tid) { return purchase(tid); }

struct small_gateway : virtual_gateway {
  small_gateway() : virtual_gateway({}, true, 1, 1) {}

  // A purchase that the host approves, or declines; the answer's body.
  std::string ends(const char* tid, const std::string& key, const char* code = "000") {
    const auto c = http_client(message(order_of(tid), key));
    host_says(approval(host_got_last(), code));
    return last(c).body;
  }
  // Time for memory to drop what has ended and is certain.
  void forget() { pass(40s); }
  std::string body_of(const char* tid, const std::string& key) {
    return last(http_client(message(order_of(tid), key))).body;
  }
  json outcome_of(const char* tid, const std::string& key) {
    return json::parse(body_of(tid, key)).at("outcome");
  }
};

}  // namespace

TEST_CASE_METHOD(small_gateway,
                 "a key of money that memory has no room for gets its stored answer from the journal, and "
                 "the host sees it once") {
  const auto first = json::parse(ends("1", "order-1"));
  const auto declined = json::parse(ends("2", "order-2", "116"));
  for (const auto* tid : {"3", "4", "5"})
    ends(tid, std::string("order-") + tid);
  forget();
  CHECK(host_got().size() == 5);
  for (int repeats = 0; repeats < 2; ++repeats) {
    const auto again = json::parse(body_of("1", "order-1"));
    CHECK(again.at("outcome") == "approved");
    CHECK(again.at("transaction_id") == first.at("transaction_id"));
    CHECK(json::parse(body_of("2", "order-2")).at("transaction_id") == declined.at("transaction_id"));
    CHECK(outcome_of("2", "order-2") == "declined");
    forget();
  }
  CHECK(host_got().size() == 5);
  CHECK(last(http_client(message(order_of("7"), "order-1"))).status == 409);
  // A new one is new all the same.
  CHECK(json::parse(ends("6", "order-6")).at("outcome") == "approved");
  CHECK(host_got().size() == 6);
}

TEST_CASE_METHOD(small_gateway,
                 "after a restart with more keys than memory holds the first key gets its stored answer, and "
                 "no second purchase is sent") {
  const auto first = json::parse(ends("1", "order-1"));
  for (const auto* tid : {"2", "3", "4"})
    ends(tid, std::string("order-") + tid);
  forget();
  restart();
  host_answers();
  for (int repeats = 0; repeats < 3; ++repeats) {
    const auto again = json::parse(body_of("1", "order-1"));
    CHECK(again.at("outcome") == "approved");
    CHECK(again.at("transaction_id") == first.at("transaction_id"));
    for (const auto* tid : {"2", "3", "4"})
      CHECK(outcome_of(tid, std::string("order-") + tid) == "approved");
    forget();
  }
  CHECK(host->sent.empty());
}

TEST_CASE_METHOD(
  small_gateway,
  "while the journal is asked for a key, repeats of it wait, and a new purchase is sent once") {
  ends("1", "order-1");
  ends("2", "order-2");
  ends("3", "order-3");
  forget();
  kept.disk().pause();
  std::vector<connection_ptr> old, young;
  for (int i = 0; i < 5; ++i) {
    old.push_back(http_client(message(order_of("1"), "order-1")));
    young.push_back(http_client(message(order_of("9"), "order-9")));
  }
  for (const auto& c : old)
    CHECK(responses(c).empty());
  CHECK(host_got().size() == 3);
  kept.disk().release();
  run_until_idle();
  for (const auto& c : old)
    CHECK(last(c).json().at("outcome") == "approved");
  REQUIRE(host_got().size() == 4);
  host_says(approval(host_got_last()));
  for (const auto& c : young)
    CHECK(last(c).json().at("outcome") == "approved");
  CHECK(host_got().size() == 4);
}

TEST_CASE_METHOD(small_gateway, "keyless purchases and messages that move no money take no key's place") {
  const auto first = ends("1", "order-1");
  for (int i = 10; i < 30; ++i)
    ends(std::to_string(i).c_str(), "");
  forget();
  // It is in memory still: the disk is not needed.
  kept.disk().pause();
  CHECK(body_of("1", "order-1") == first);
}

TEST_CASE_METHOD(small_gateway,
                 "a purchase that is being reversed, and that memory has dropped, is answered as it stands, "
                 "and not sent again") {
  const auto lost = http_client(message(order_of("1"), "order-1"));
  pass(36s);
  CHECK(last(lost).json().at("outcome") == "reversing");
  const auto sent = host_got().size();
  for (const auto* tid : {"2", "3", "4"})
    ends(tid, std::string("order-") + tid);
  forget();
  CHECK(outcome_of("1", "order-1") == "reversing");
  const auto all = host_got();
  CHECK(std::ranges::count_if(all, [](const codec::message& m) { return m.mti() == "0200"; }) == 4);
  CHECK(sent >= 1);
}

TEST_CASE_METHOD(
  small_gateway,
  "where the journal does not answer in time, a key that memory does not know is not taken for a new one") {
  for (const auto* tid : {"1", "2", "3"})
    ends(tid, std::string("order-") + tid);
  forget();
  kept.disk().pause();
  const auto c = http_client(message(order_of("1"), "order-1"));
  pass(2min);
  CHECK(last(c).status >= 500);
  CHECK(last(c).json().at("outcome") != "not_sent");
  CHECK(host_got().size() == 3);
}

TEST_CASE_METHOD(small_gateway,
                 "whoever waits for the journal when the registry dies is not told that nothing was sent") {
  for (const auto* tid : {"1", "2", "3"})
    ends(tid, std::string("order-") + tid);
  forget();
  kept.disk().pause();
  const auto c = http_client(message(order_of("1"), "order-1"));
  caf::anon_send_exit(part("idempotency"), caf::exit_reason::kill);
  run_until_idle();
  CHECK(last(c).json().at("outcome") != "not_sent");
  kept.disk().release();
  pass(1s);
  CHECK(outcome_of("1", "order-1") == "approved");
  CHECK(host_got().size() == 3);
}

TEST_CASE(
  "a confirmation is answered when it is durable, and from then on no restart reverses its purchase") {
  virtual_gateway h([](config::settings& s) {
    s.delivery.http = config::http_delivery::confirm;
    s.delivery.of_unconfirmed = config::unconfirmed::reverse;
  });
  const auto client = h.http_client(message(purchase()));
  h.host_says(approval(h.host_got()[0]));
  const auto id = last(client).json().at("transaction_id").get<std::string>();
  h.kept.disk().pause();
  const auto confirming = h.http_client(http_post("/v1/messages/" + id + "/confirm", ""));
  CHECK(confirming->sent.empty());
  h.kept.disk().release();
  h.run_until_idle();
  CHECK(last(confirming).json().at("outcome") == "approved");
  h.restart();
  h.host_answers();
  h.pass(60s);
  CHECK(h.cases().empty());
  CHECK(h.host_got().empty());
}

TEST_CASE(
  "nobody who knows terminal, STAN and time of a raw client's purchase can ask for it or stand in its way by "
  "HTTP") {
  virtual_gateway h([](config::settings& s) { s.delivery.raw = config::raw_delivery::idempotent; });
  const auto request = h.purchase();
  // With zeros in front of the terminal as it writes them, and as the gateway compares them.
  const std::string terminal = GENERATE("00000042", "42");
  const auto name = "tcp/" + terminal + "/000001/" + std::string(request[12]);
  auto other = purchase();
  other["terminal_id"] = "00000077";
  const auto stranger = h.http_client(message(other, name));
  const auto client = h.client({request});
  REQUIRE(h.host_got().size() == 2);
  h.host_says(approval(h.host_got()[0]));
  h.host_says(approval(h.host_got()[1]));
  CHECK(support::messages_in(client->sent).size() == 1);
  CHECK(last(stranger).status == 200);
  CHECK(last(h.http_client(http_get("/v1/messages/" + name))).status == 404);
  CHECK(last(h.http_client(
               http_get("/v1/messages/tcp%2F" + terminal + "%2F000001%2F" + std::string(request[12]))))
          .status == 404);
}

TEST_CASE(
  "a request with two Idempotency-Keys, or an empty one, is refused at every path, and nothing is sent") {
  virtual_gateway h;
  const auto body = purchase().dump();
  const auto posted = [&](const std::string& path, const std::string& keys, const std::string& text) {
    return h.http_client(http_post(path, text, "Content-Type: application/json\r\n" + keys));
  };
  const std::string two = "Idempotency-Key: a\r\nIdempotency-Key: b\r\n", same = "Idempotency-Key: a\r\n";
  for (const auto& keys :
       {two, same + same, std::string("Idempotency-Key:\r\n"), "Idempotency-Key:  \r\n" + same}) {
    INFO(keys);
    const auto r = documented(last(posted("/v1/messages", keys, body)), "/v1/messages");
    CHECK(r.status == 400);
    CHECK(r.json().at("code") == "bad_idempotency_key");
    CHECK(r.json().at("outcome") == "not_sent");
    for (const auto& path : {"/", "/raw"}) {
      const auto old =
        last(posted(path, keys, codec::to_json(support::purchase(), support::smart_vista()).dump()));
      CHECK(old.status == 400);
      CHECK_THAT(old.body, Catch::Contains("Idempotency-Key"));
    }
  }
  CHECK(h.host_got().empty());
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
  CHECK(twice.at("detail") == "given twice");
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
    CHECK(r.json().at("errors").size() <= 20);
  }
}

TEST_CASE("JSON that nests deeper than any message is refused before it is read") {
  virtual_gateway h;
  for (const auto* path : {"/v1/messages", "/v1/describe", "/"}) {
    const auto r =
      last(h.http_client(http_post(path, std::string(100000, '['), "Content-Type: application/json\r\n")));
    INFO(path << r.body);
    CHECK(r.status == 400);
    CHECK_THAT(r.body, Catch::Contains("nests too deeply"));
  }
  const std::string brackets_in_text(100, '[');
  const auto r =
    last(h.http_client(http_post("/v1/messages", R"({"mti":"0200","fees":"\")" + brackets_in_text + "\"}",
                                 "Content-Type: application/json\r\n")));
  CHECK(r.status == 422);
}
