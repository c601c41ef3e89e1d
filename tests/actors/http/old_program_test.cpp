// The old program's outside at the HTTP port and the raw one, request by request: what it answered, and what
// we do. Where that differs on purpose, docs/MIGRATING.md says so.

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

#include "codec/text/hex.hpp"
#include "codec/text/legacy_json.hpp"
#include "tests/support/http.hpp"
#include "tests/support/virtual_gateway.hpp"

using support::approval;
using support::http_get;
using support::http_post;
using support::virtual_gateway;

namespace {

struct answer {
  int status;             // 0: none, the connection is closed or the process ends
  std::string body = {};  // how it begins
};

struct row {
  std::string request;
  answer old, ours;
  std::string differs = {};  // the first column of its line in docs/MIGRATING.md; empty: they are the same
};

std::string migrating() {
  std::ifstream file(SOURCE_DIR "/docs/MIGRATING.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string said(const player::connection_ptr& c) {
  std::string text;
  for (const auto& s : c->sent)
    text += s;
  return text;
}

// What it answered of a message that the host never saw.
std::string errors(const std::string& list) { return R"({"result":"","errors":[)" + list + "]}\n"; }

std::string json_with(const std::string& field, const nlohmann::json& value) {
  auto m = support::purchase();
  auto json = nlohmann::json::parse(codec::to_json(m, support::smart_vista()).dump());
  json[field] = value;
  return json.dump();
}

std::string json_without(int field) {
  auto m = support::purchase();
  m.erase(field);
  return codec::to_json(m, support::smart_vista()).dump();
}

std::string doubled(const std::string& json) { return json.substr(0, json.size() - 1) + R"(,"4":9000})"; }

}  // namespace

TEST_CASE("what is refused at / and /raw is refused as the old program did it, or MIGRATING says why not") {
  const auto usual = json_with("4", 1000);
  const auto text = "Content-Type: text/plain\r\n";
  const std::vector<row> rows{
    {http_post("/", "{"),
     {400, R"({"result":"","errors":["SyntaxError: )"},
     {400, R"({"result":"","errors":["SyntaxError: )"}},
    {http_post("/", "null"), {0}, {400, R"({"result":"","errors":["SyntaxError: )"}, "JSON `null` at `/`"},
    {http_post("/", json_without(41)), {500, errors("\"No field 41\"")}, {500, errors("\"No field 41\"")}},
    {http_post("/", json_with("4", "x")),
     {500, errors("\"Field 4 expected to be numeric\"")},
     {500, errors("\"Field 4 expected to be numeric\"")}},
    {http_post("/", json_with("12", "261122120000")),
     {500, errors("\"Packet is expired!\"")},
     {500, errors("\"Packet is expired!\"")}},
    {http_post("/", json_with("41", "123456789")),
     {200},
     {500, errors("\"Field 41 is too long\"")},
     "over-long values"},
    {http_post("/", json_with("41", "")),
     {200},
     {500, errors("\"Field 41 is empty\"")},
     "an empty value in JSON"},
    {http_post("/", doubled(usual)),
     {200},
     {400, errors("\"Field 4 is given twice; leave one of them\"")},
     "a field twice in the JSON of `/`"},
    {http_post("/", usual, "Content-Encoding: gzip\r\n"),
     {400},
     {415, errors("\"Unsupported Media Type\"")},
     "a compressed HTTP body"},
    {http_post("/", usual, "Idempotency-Key: \r\n"), {200}, {400}, "an Idempotency-Key"},
    {http_post("/", std::string(1100000, ' ')),
     {0},
     {413, errors("\"Payload Too Large\"")},
     "HTTP body over 1 MB"},
    {http_post("/raw", "xyz", text),
     {500, errors("\"Failed to parse packet!\"")},
     {500, R"({"result":"","errors":["Failed to parse packet!",")"},
     "`Failed to parse packet!`"},
    {http_post("/", R"({"0":"9","11":"1","41":"1"})"),
     {200},
     {500, errors("\"Field 0 expected to be a message type, such as 0200\"")},
     "a message type of one or two digits"},
    {http_post("/other", usual), {404, errors("\"Not Found\"")}, {404, errors("\"Not Found\"")}},
    {http_post("/?x=1", usual), {404, errors("\"Not Found\"")}, {404, errors("\"Not Found\"")}},
    {http_get("/"), {405, errors("\"Method Not Allowed\"")}, {405, errors("\"Method Not Allowed\"")}},
    {http_get("/raw", "PUT"),
     {405, errors("\"Method Not Allowed\"")},
     {405, errors("\"Method Not Allowed\"")}},
  };
  const auto lines = migrating();
  for (const auto& r : rows) {
    INFO(r.request.substr(0, 200));
    virtual_gateway h;
    const auto response = support::first_http_response(said(h.http_client(r.request)));
    REQUIRE(response);
    CHECK(response->status == r.ours.status);
    CHECK_THAT(response->body, Catch::StartsWith(r.ours.body));
    CHECK(response->has("Content-Type: application/json"));
    CHECK(h.host_got().empty());
    const bool same = r.old.status == r.ours.status && r.old.body == r.ours.body;
    CHECK(same == r.differs.empty());
    if (!r.differs.empty())
      CHECK(lines.find("\n| " + r.differs + " |") != std::string::npos);
  }
}

TEST_CASE("what is served at / and /raw is answered as the old program did it") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto json = codec::to_json(request, support::smart_vista()).dump();
  const auto client = h.http_client(http_post("/", json));
  h.host_says(approval(request));
  const auto old = support::first_http_response(said(client));
  REQUIRE(old);
  CHECK(old->status == 200);
  CHECK(old->has("Content-Type: application/json"));
  CHECK_THAT(old->body,
             Catch::StartsWith("{\"result\":{\"0\":\"0210\"") && Catch::EndsWith(",\"errors\":[]}\n"));

  // The old program takes no chunks and closes; both are served.
  CHECK_FALSE(client->closed);
  for (const auto* differs : {"HTTP bodies", "HTTP connections"})
    CHECK(migrating().find(std::string("\n| ") + differs + " |") != std::string::npos);
  const auto chunked =
    h.http_client("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
  CHECK(support::first_http_response(said(chunked))->status == 500);
}

TEST_CASE(
  "a raw client is answered bare and hung up on, and a bad message is hung up on, as by the old program") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.host_says(approval(request));
  CHECK(said(client) == support::wire(approval(request)));
  CHECK(client->closed);
  for (const auto& bad : {std::string("0200") + std::string(60, 'x'), support::wire(approval(request))}) {
    const auto c = h.client();
    c->says(bad);
    h.run_until_idle();
    CHECK(c->closed);
    CHECK(c->sent.empty());
  }
}
