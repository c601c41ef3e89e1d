// The OpenAPI document of the admin port says what the admin port does.

#include <catch2/catch.hpp>

#include <set>

#include "codec/text/hex.hpp"
#include "tests/store/directory.hpp"
#include "tests/support/admin_calls.hpp"
#include "tests/support/http.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using nlohmann::json;
using support::approval;
using support::http_get;
using support::http_post;
using support::http_response;
using support::reply_to;
using support::virtual_gateway;

namespace {

constexpr const char* token = "0123456789abcdef";

json document() {
  virtual_gateway g;
  return reply_to(g, http_get("/openapi.json")).json();
}

// What is wrong with a reply by the document: its status, its type or its body.
std::string faults_of(const http_response& r, const std::string& path, const std::string& method) {
  static const json all = document();
  const auto& answers = all.at("paths").at(path).at(method).at("responses");
  const auto status = std::to_string(r.status);
  if (!answers.contains(status))
    return "the document has no status " + status + "\n";
  for (const auto& [type, content] : answers.at(status).at("content").items())
    if (r.has("Content-Type: " + type))
      return type.starts_with("application/")
               ? support::json_schema(all).faults(r.json(), content.at("schema"))
               : "";
  return "the document has another type of body\n";
}

// A gateway with tokens, transactions of several ends, a case that needs an operator, and one that waits.
struct busy_gateway : virtual_gateway {
  busy_gateway() : virtual_gateway([](config::settings& s) { s.upstreams.front().host_timeout = 5s; }) {
    admin_token = token;
    restart();
    host_answers();
    client({purchase("00000001")});
    host_says(approval(host_got_last()));
    client({purchase("00000002")});
    host_says(approval(host_got_last(), "116"));
    client({purchase("00000003", "000001"), purchase("00000003", "000002")});
    pass(6s);
    auto no = host_got_last();
    no.set(0, "0410");
    no.set(39, "904");
    host_says(no);
    pass(1s);
  }
  void check(const std::string& path, const std::string& asked = "") {
    const auto r = reply_to(*this, http_get(asked.empty() ? path : asked));
    INFO(path << "\n" << r.head << r.body);
    CHECK(faults_of(r, path, "get") == "");
    seen.insert(path);
  }
  http_response post(const std::string& path, const std::string& asked, const std::string& body,
                     const std::string& shown = "") {
    auto r =
      reply_to(*this, http_post(asked, body, shown.empty() ? "" : "Authorization: Bearer " + shown + "\r\n"));
    INFO(asked << "\n" << r.head << r.body);
    CHECK(faults_of(r, path, "post") == "");
    seen.insert(path);
    return r;
  }
  std::set<std::string> seen;
};

}  // namespace

TEST_CASE_METHOD(busy_gateway, "every reply of the admin port is what its OpenAPI document says") {
  for (const auto* path : {"/", "/livez", "/readyz", "/metrics", "/openapi.json", "/v1/status", "/v1/pending",
                           "/v1/links", "/v1/terminals", "/v1/transactions", "/v1/actors", "/v1/dialects"})
    check(path);
  check("/v1/pending", "/v1/pending?colour=red");
  check("/v1/pending", "/v1/pending?tid=4%2");
  check("/v1/transactions", "/v1/transactions?last=0");
  CHECK(reply_to(*this, http_get("/v1/transactions")).json().at("transactions").size() >= 3);
  CHECK(reply_to(*this, http_get("/v1/terminals")).json().at("terminals").size() == 1);
  REQUIRE(cases().size() == 1);
  const auto id = std::to_string(cases().front().id);
  for (const auto* verb : {"retry", "reverse", "resolve"}) {
    const auto path = std::string("/v1/pending/{id}/") + verb, to = "/v1/pending/" + id + "/" + verb;
    CHECK(post(path, to, R"({"why": "x"})").status == 401);
    if (std::string(verb) != "retry")
      CHECK(post(path, to, "{}", token).status == 400);
    CHECK(post(path, std::string("/v1/pending/x/") + verb, R"({"why": "x"})", token).status == 404);
    CHECK(post(path, std::string("/v1/pending/999/") + verb, R"({"why": "x"})", token).status == 409);
  }
  CHECK(post("/v1/pending/{id}/resolve", "/v1/pending/" + id + "/resolve", R"({"why": "x"})", token).status ==
        200);
  host->vanishes();
  run_until_idle();
  check("/readyz");
  check("/v1/status");
  check("/v1/links");
  for (const auto& text : {codec::to_hex(support::wire(purchase())), std::string("3032"), std::string("x")})
    post("/v1/describe", "/v1/describe", json{{"text", text}}.dump());
  const auto all = document();
  std::string unseen;
  for (const auto& [path, _] : all.at("paths").items())
    if (!seen.contains(path) && path != "/v1/events")
      unseen += path + "\n";
  CHECK(unseen == "");
}

TEST_CASE_METHOD(busy_gateway, "the data of an event is what the OpenAPI document of the admin port says") {
  const auto stream = admin_client(http_get("/v1/events"));
  pass(2s);
  std::string text;
  for (const auto& s : stream->sent)
    text += s;
  const auto all = document();
  const auto& schema = all.at("paths")
                         .at("/v1/events")
                         .at("get")
                         .at("responses")
                         .at("200")
                         .at("content")
                         .at("text/event-stream");
  std::size_t seen_events = 0;
  for (auto at = text.find("data: "); at != std::string::npos;
       at = text.find("data: ", at + 1), ++seen_events)
    CHECK(support::json_schema(all).faults(json::parse(text.substr(at + 6, text.find('\n', at) - at - 6)),
                                           schema.at("schema")) == "");
  CHECK(seen_events == 3);
}

TEST_CASE("the OpenAPI document of the admin port has every path of docs/ADMIN.md, and no other") {
  const auto docs = test::read(std::string(SOURCE_DIR) + "/docs/ADMIN.md");
  const auto all = document();
  for (const auto& [path, methods] : all.at("paths").items()) {
    INFO(path);
    const auto shown = path.starts_with("/v1/pending/{id}/") ? "/v1/pending/{id}/retry" : path;
    const auto asked = (methods.contains("get") ? "`GET " : "`POST ") + shown;
    CHECK((docs.find(asked + "`") != std::string::npos || docs.find(asked + "?") != std::string::npos));
  }
  for (auto at = docs.find("| `GET /"); at != std::string::npos; at = docs.find("| `GET /", at + 1)) {
    const auto path = docs.substr(at + 7, docs.find_first_of("`?", at + 7) - at - 7);
    INFO(path);
    CHECK(all.at("paths").contains(path));
  }
}
