// The old program's HTTP, row by row of its table.

#include <catch2/catch.hpp>

#include "codec/text/hex.hpp"
#include "codec/text/legacy_json.hpp"
#include "tests/support/http.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using player::connection_ptr;
using support::approval;
using support::http_post;
using support::http_response;
using support::virtual_gateway;

namespace {

std::string all(const connection_ptr& c) {
  std::string text;
  for (const auto& s : c->sent)
    text += s;
  return text;
}

http_response only(const connection_ptr& c) {
  const auto responses = support::http_responses(all(c));
  REQUIRE(responses.size() == 1);
  return responses.front();
}

std::string json_of_old(const codec::message& m) { return codec::to_json(m, support::smart_vista()).dump(); }

// The reply to a request that never reaches the host.
http_response refused(const std::string& bytes) {
  virtual_gateway h;
  const auto response = only(h.http_client(bytes));
  CHECK(h.host_got().empty());
  return response;
}

}  // namespace

TEST_CASE("POST / takes a JSON object of fields and returns the host's answer as one") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.http_client(http_post("/", json_of_old(request)));
  REQUIRE(h.host_got() == std::vector{request});
  h.host_says(approval(request));
  const auto response = only(client);
  CHECK(response.status == 200);
  CHECK(response.has("Content-Type: application/json"));
  CHECK(response.body == "{\"result\":" + json_of_old(approval(request)) + ",\"errors\":[]}\n");
  CHECK(response.json().at("result").at("39") == 0);
  CHECK(response.json().at("result").at("41") == "00000042");
  CHECK(response.json().at("result").at("1") == "323005802AC08000");
  CHECK_FALSE(client->closed);
}

TEST_CASE("POST /raw takes hexadecimal text in either case and with white space, and returns the answer's") {
  virtual_gateway h;
  const auto request = h.purchase();
  auto hex = codec::to_hex(support::wire(request));
  std::ranges::transform(hex, hex.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
  hex.insert(10, " \r\n\t");
  const auto client =
    h.http_client(http_post("/raw", hex + "\n", "Content-Type: application/octet-stream\r\n"));
  REQUIRE(h.host_got() == std::vector{request});
  h.host_says(approval(request));
  CHECK(only(client).status == 200);
  CHECK(only(client).body == codec::to_hex(support::wire(approval(request))));
}

TEST_CASE("JSON that does not parse is 400 and a SyntaxError that quotes nothing of it") {
  for (const auto* body : {"", "{", "{\"0\":}", "{\"2\":\"4850781234567891\"", "\xff"}) {
    const auto response = refused(http_post("/", body));
    CHECK(response.status == 400);
    CHECK_THAT(response.body,
               Catch::StartsWith("{\"result\":\"\",\"errors\":[\"SyntaxError: ") && !Catch::Contains("4850"));
  }
}

TEST_CASE(
  "a syntax error is told by the old program's words, with line and column behind them, null is one") {
  CHECK(refused(http_post("/", "{\"0\":\"0200\",\n  \"4\": x}")).json().at("errors").at(0) ==
        "SyntaxError: Unexpected token in JSON at position 20 (line 2, column 8)");
  CHECK(refused(http_post("/", "{\"0\":\n")).json().at("errors").at(0) ==
        "SyntaxError: Unexpected end of JSON input (line 2, column 1)");
  CHECK(refused(http_post("/", "null")).status == 400);
}

TEST_CASE("a message with errors is 500, absent fields first") {
  auto m = support::purchase();
  m.erase(41);
  auto json = nlohmann::json::parse(json_of_old(m));
  json["4"] = "x";
  const auto response = refused(http_post("/", json.dump()));
  CHECK(response.status == 500);
  CHECK(response.body ==
        "{\"result\":\"\",\"errors\":[\"No field 41\",\"Field 4 expected to be numeric\"]}\n");
}

TEST_CASE("what harmed or killed the old program is a clear refusal") {
  struct row {
    const char* body;
    const char* error;
  };
  const auto r = GENERATE(row{"[]", "Failed to parse packet!"}, row{"7", "Failed to parse packet!"},
                          row{R"({"0":"0200","35":{}})", "Field 35 expected to be a string or a number"},
                          row{R"({"0":"0200","4":1.5})", "Field 4 expected to be a string or a number"},
                          row{R"({"0":"0200","4":null})", "Field 4 expected to be a string or a number"},
                          row{R"({"0":"0200","36":"1"})", "Unknown field 36"},
                          row{R"({"0":"0200","x":"1"})", "Unknown field"},
                          row{R"({"0":"0200","41":"123456789"})", "Field 41 is too long"},
                          row{R"({"0":"0200","55":"abx"})", "Field 55 expected to be hexadecimal"},
                          row{R"({"3":"0"})", "No field 0"});
  const auto response = refused(http_post("/", r.body));
  CHECK(response.status == 500);
  CHECK_THAT(response.body, Catch::Contains(r.error));
}

TEST_CASE(
  "what cannot be parsed is 500 with the old program's sentence, and behind it the place and the reason") {
  struct row {
    const char* path;
    std::string body, place;
  };
  const std::string bitmap = "2220010000c00000";
  const auto r =
    GENERATE_COPY(row{"/raw", "", "Field 0: the message ends too early"},
                  row{"/raw", "xyz", "Not a hexadecimal digit, at character 1 of the body"},
                  row{"/raw", "30 38\n30g0", "Not a hexadecimal digit, at character 9 of the body"},
                  row{"/raw", "303", "An odd number of hexadecimal digits, 3"},
                  row{"/raw", "30323030", "Field 1: the message ends too early, at byte 4"},
                  row{"/raw", "30323078" + bitmap, "Field 0: the message type is not four digits, at byte 3"},
                  row{"/raw", "30383030" + bitmap + "303030303078303630373136313730303132",
                      "Field 3: not a digit, at byte 17"},
                  row{"/", "[]", "JSON array where an object of fields is expected"},
                  row{"/", "7", "JSON number where an object of fields is expected"});
  const auto response = refused(http_post(r.path, r.body, "Content-Type: text/plain\r\n"));
  INFO(r.body << ": " << response.body);
  CHECK(response.status == 500);
  const auto errors = response.json().at("errors");
  const auto said = std::ranges::find(errors, "Failed to parse packet!");
  REQUIRE(said != errors.end());
  REQUIRE(said + 1 != errors.end());
  CHECK(*(said + 1) == r.place);
}

TEST_CASE("a number that no zeros make a message type is refused at / by a sentence and not sent") {
  for (const auto* mti : {R"("9")", "9", R"("09")", R"("0009")", R"("0")"}) {
    const auto response = refused(http_post("/", std::string(R"({"0":)") + mti + R"(,"11":"1","41":"1"})"));
    INFO(mti << response.body);
    CHECK(response.status == 500);
    CHECK(response.json().at("errors") ==
          nlohmann::json::array({"Field 0 expected to be a message type, such as 0200"}));
  }
}

TEST_CASE("an expired message is 500, a response as well") {
  auto m = support::purchase();
  m.set(12, "261122120000");
  CHECK(refused(http_post("/", json_of_old(m))).body ==
        "{\"result\":\"\",\"errors\":[\"Packet is expired!\"]}\n");
  CHECK(refused(http_post("/", json_of_old(approval(support::purchase())))).status == 500);
}

TEST_CASE("other paths are 404, other methods 405 with what is allowed") {
  CHECK(refused(http_post("/other", "{}")).status == 404);
  CHECK(refused(http_post("/other", "{}")).body == "{\"result\":\"\",\"errors\":[\"Not Found\"]}\n");
  for (const auto* method : {"GET", "PUT", "DELETE"}) {
    const auto response = refused(support::http_get("/", method));
    CHECK(response.status == 405);
    CHECK(response.has("Allow: POST, OPTIONS"));
    CHECK(response.body == "{\"result\":\"\",\"errors\":[\"Method Not Allowed\"]}\n");
  }
  CHECK(refused(support::http_get("/raw", "OPTIONS")).status == 204);
}

TEST_CASE("no answer in time is 504, whether the host is silent, lost or not there") {
  virtual_gateway silent;
  const auto a = silent.http_client(http_post("/", json_of_old(silent.purchase())));
  silent.pass(36s);
  CHECK(only(a).status == 504);
  CHECK(only(a).body == "{\"result\":\"\",\"errors\":[\"Gateway timeout\"]}\n");

  virtual_gateway lost;
  const auto b = lost.http_client(http_post("/", json_of_old(lost.purchase())));
  lost.host->vanishes();
  lost.run_until_idle();
  CHECK(only(b).status == 504);

  virtual_gateway absent({}, false);
  const auto c = absent.http_client(http_post("/", json_of_old(absent.purchase())));
  absent.pass(36s);
  CHECK(only(c).status == 504);
}

TEST_CASE("a full queue is 503 with Retry-After, and the connection goes on") {
  virtual_gateway h([](config::settings& s) {
    s.queue.messages_max = 1;
    s.queue.refuse_when_full = true;
  });
  h.client({h.purchase("00000001")});
  const auto client = h.http_client(http_post("/", json_of_old(h.purchase("00000002"))));
  CHECK(only(client).status == 503);
  CHECK(only(client).has("Retry-After: 5"));
  CHECK_FALSE(client->closed);
  CHECK(h.host_got().size() == 1);
}

TEST_CASE("JSON as deep as a body allows is refused, also where it would be ignored, and does not harm") {
  virtual_gateway h;
  auto json = json_of_old(h.purchase());
  const std::string deep = std::string(400000, '[') + std::string(400000, ']');
  json.insert(1, "\"1\":" + deep + ",");
  CHECK(only(h.http_client(http_post("/", json, "Idempotency-Key: k\r\n"))).status == 400);
  CHECK(h.host_got().empty());
  CHECK(refused(http_post("/", "{\"0\":\"0200\",\"4\":" + deep + "}")).status == 400);
}

TEST_CASE("a body with sixty thousand wrong fields gets a short reply") {
  std::string json = "{\"0\":\"0200\"";
  for (int i = 0; i < 60000; ++i)
    json += ",\"x" + std::to_string(i) + "\":1";
  const auto response = refused(http_post("/", json + "}"));
  CHECK(response.status == 500);
  CHECK(response.body.size() < 2000);
}

TEST_CASE("1000.0 is the number 1000, and 04 is no name of field 4") {
  virtual_gateway h;
  auto json = nlohmann::json::parse(json_of_old(h.purchase()));
  json["4"] = 1000.0;
  h.http_client(http_post("/", json.dump()));
  REQUIRE(h.host_got().size() == 1);
  CHECK(h.host_got()[0][4] == "000000001000");
  json["04"] = "7";
  CHECK(only(h.http_client(http_post("/", json.dump()))).body ==
        "{\"result\":\"\",\"errors\":[\"Unknown field\"]}\n");
}

TEST_CASE("the old program's own examples are served as it served them") {
  virtual_gateway h;
  const std::string odd =
    "9f2608571f1e10d4fa4aac9f2701809f100706010a03a4b8029f37045bb074729f3602000c950500800010009a031508189c0100"
    "9f02060000000010005f2a02064382023c009f1a0206439f"
    "03060000000000009f3303e0f0c89f34034403029f3501229f1e0835313230323831358407a00000000310109f41030000565f34"
    "010";
  REQUIRE(odd.size() % 2 == 1);
  const auto purchase =
    R"({ "0": "0200",  "3": "0",  "4": 1000,  "7": "0818160933",  "11": 618160,  "12": ")" +
    codec::format_local_time(h.env->local_time()) +
    R"(",  "22": "056",  "24": "200",  "25": "00", )"
    R"( "35": "4850781234567891=19082012232800000037",  "41": 992468, )"
    R"( "42": 124642124643,  "49": "810",  "55": ")" +
    odd + R"(" })";
  const auto client = h.http_client(http_post("/", purchase));
  REQUIRE(h.host_got().size() == 1);
  const auto sent = h.host_got()[0];
  CHECK(sent[55] == odd.substr(0, odd.size() - 1));
  CHECK(sent[41] == "00992468");
  CHECK(sent[42] == "000124642124643");
  CHECK(h.logged("field 55"));
  CHECK(h.logged("odd number of hexadecimal digits"));
  h.host_says(approval(sent));
  CHECK(only(client).status == 200);
  CHECK(only(client).json().at("result").at("55") == odd.substr(0, odd.size() - 1));

  const auto echo = h.http_client(
    http_post("/", R"({ "0": "800", "3": "0", "7": "0607161700", )"
                   R"("11": "123456", "24": "0", "41": "00123456", "42": "123567890124567" })"));
  REQUIRE(h.host_got().size() == 2);
  h.host_says(approval(h.host_got()[1]));
  CHECK(only(echo).status == 200);
  const auto raw = h.http_client(http_post("/raw",
                                           "303830302220010000c0000030303030303030363037313631373030313233343"
                                           "5363030303030313233343536313233353637383930313234353637",
                                           "Content-Type: text/plain\r\n"));
  REQUIRE(h.host_got().size() == 3);
  CHECK(h.host_got()[2][42] == "123567890124567");
  h.host_says(approval(h.host_got()[2]));
  CHECK(only(raw).status == 200);
}

TEST_CASE("an empty value is refused, not filled up with zeros") {
  for (const auto* number :
       {"0", "3", "4", "7", "11", "12", "22", "24", "25", "35", "37", "41", "42", "49", "52", "55"})
    for (const auto* value : {"", " ", "   ", "\t"}) {
      virtual_gateway h;
      auto json = nlohmann::json::parse(json_of_old(h.purchase()));
      json[number] = value;
      const auto response = only(h.http_client(http_post("/", json.dump())));
      INFO(number << " '" << value << "' " << response.body);
      CHECK(response.status == 500);
      CHECK_THAT(response.body, Catch::Contains(std::string("ield ") + number));
      CHECK(h.host_got().empty());
    }
}

TEST_CASE(
  "a field that stands in the JSON twice is refused by its name, without a card, and nothing is sent") {
  virtual_gateway h;
  auto body = json_of_old(h.purchase());
  body.pop_back();
  const auto pan = std::string(support::test_pan);
  const auto twice = only(h.http_client(http_post("/", body + ",\"4\":9000}")));
  CHECK(twice.status == 400);
  CHECK(twice.body == "{\"result\":\"\",\"errors\":[\"Field 4 is given twice; leave one of them\"]}\n");
  const auto card = only(h.http_client(http_post("/", body + ",\"" + pan + "\":1,\"" + pan + "\":2}")));
  CHECK_THAT(card.body, Catch::Contains("485078******7891") && !Catch::Contains(pan));
  const auto escaped = only(h.http_client(http_post("/", body + ",\"\\u0034\":9000}")));
  CHECK(escaped.status == 400);
  const std::string long_name(100, 'x');
  const auto named_long =
    only(h.http_client(http_post("/", body + ",\"" + long_name + "\":1,\"" + long_name + "\":2}")));
  CHECK_THAT(named_long.body, Catch::Contains("A field is given twice"));
  CHECK(h.host_got().empty());
  CHECK_FALSE(h.logged(pan));
}

TEST_CASE("a target with a query is 404, as the old program compared the whole of it") {
  virtual_gateway h;
  for (const auto* target : {"/?x=1", "/raw?x=1", "/?"})
    CHECK(only(h.http_client(http_post(target, json_of_old(h.purchase())))).status == 404);
  CHECK(h.host_got().empty());
}

TEST_CASE("a compressed body is 415 and is not read, at the old paths and at /v1") {
  virtual_gateway h;
  for (const auto* path : {"/", "/raw", "/v1/messages", "/v1/describe"}) {
    const auto r = only(h.http_client(http_post(
      path, json_of_old(h.purchase()), "Content-Encoding: gzip\r\nContent-Type: application/json\r\n")));
    CHECK(r.status == 415);
    CHECK(r.has("Accept-Encoding: identity"));
  }
  CHECK(h.host_got().empty());
}

TEST_CASE("replies have a date, and say how long their connection may be idle") {
  virtual_gateway h;
  const auto stays = only(h.http_client(support::http_get("/nowhere")));
  CHECK(stays.has("Connection: keep-alive"));
  CHECK(stays.has("Keep-Alive: timeout=75"));
  CHECK(stays.head.find("\r\nDate: ") != std::string::npos);
  const auto last = only(h.http_client("nonsense\r\n\r\n"));
  CHECK(last.has("Connection: close"));
  CHECK(last.head.find("Keep-Alive") == std::string::npos);
  CHECK(last.head.find("\r\nDate: ") != std::string::npos);
}

TEST_CASE(
  "the id by which an answer can be confirmed stands in its header where its body has no place for it") {
  virtual_gateway h([](config::settings& s) { s.delivery.http = config::http_delivery::confirm; });
  const auto client = h.http_client(http_post("/", json_of_old(h.purchase()), "Idempotency-Key: a\r\n"));
  REQUIRE(h.host_got().size() == 1);
  h.host_says(approval(h.host_got()[0]));
  const auto head = only(client).head;
  const auto at = head.find("Transaction-Id: ");
  REQUIRE(at != std::string::npos);
  const auto id = head.substr(at + 16, head.find("\r\n", at) - at - 16);
  const auto confirmed = h.http_client(http_post("/v1/messages/" + id + "/confirm", ""));
  CHECK(only(confirmed).json().at("outcome") == "approved");
  h.pass(std::chrono::minutes(2));
  CHECK(h.host_got().size() == 1);
}
