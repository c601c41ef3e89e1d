// The conversation with an HTTP client: order, slowness, hanging up, ending.

#include <catch2/catch.hpp>

#include "codec/text/legacy_json.hpp"
#include "tests/support/http.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using player::connection_ptr;
using support::approval;
using support::http_post;
using support::virtual_gateway;

namespace {

std::vector<support::http_response> responses(const connection_ptr& c) {
  std::string text;
  for (const auto& s : c->sent)
    text += s;
  return support::http_responses(text);
}

std::string post(const codec::message& m, const std::string& headers = "") {
  return http_post("/", codec::to_json(m, support::smart_vista()).dump(), headers);
}

}  // namespace

TEST_CASE("pipelined requests are answered in their order, one at the host at a time") {
  virtual_gateway h;
  const auto a = h.purchase("00000001"), b = h.purchase("00000002");
  const auto client = h.http_client(post(a) + post(b) + support::http_get("/nowhere"));
  CHECK(h.host_got() == std::vector{a});
  h.host_says(approval(a));
  CHECK(h.host_got() == std::vector{a, b});
  h.host_says(approval(b));
  const auto r = responses(client);
  REQUIRE(r.size() == 3);
  CHECK(r[0].json().at("result").at("41") == "00000001");
  CHECK(r[1].json().at("result").at("41") == "00000002");
  CHECK(r[2].status == 404);
  CHECK_FALSE(client->closed);
}

TEST_CASE("where there is room for one message, a client that sends two at once has both served") {
  virtual_gateway h([](config::settings& s) { s.queue.messages_max = 1; });
  const auto a = h.purchase("00000001"), b = h.purchase("00000002");
  const auto client = h.http_client(post(a) + post(b));
  h.host_says(approval(a));
  h.host_says(approval(b));
  const auto r = responses(client);
  REQUIRE(r.size() == 2);
  CHECK(r[0].status == 200);
  CHECK(r[1].status == 200);
}

TEST_CASE("a request may come byte by byte, and its sender may wait for 100 Continue") {
  virtual_gateway h;
  const auto m = h.purchase();
  const auto bytes = post(m, "Expect: 100-continue\r\n");
  const auto body = bytes.find("\r\n\r\n") + 4;
  const auto client = h.http_client();
  for (const char c : bytes.substr(0, body)) {
    client->says(std::string(1, c));
    h.run_until_idle();
  }
  REQUIRE(responses(client).size() == 1);
  CHECK(responses(client)[0].status == 100);
  client->says(bytes.substr(body));
  h.run_until_idle();
  h.host_says(approval(m));
  CHECK(responses(client).back().status == 200);
}

TEST_CASE("Connection: close and HTTP/1.0 end the connection after the reply") {
  virtual_gateway h;
  const auto m = h.purchase();
  const auto client = h.http_client(post(m, "Connection: close\r\n"));
  CHECK_FALSE(client->closed);
  h.host_says(approval(m));
  CHECK(responses(client)[0].has("Connection: close"));
  CHECK(client->closed);
  const auto old = h.http_client("GET /x HTTP/1.0\r\n\r\n");
  CHECK(responses(old)[0].status == 404);
  CHECK(old->closed);
}

TEST_CASE("a bad HTTP request gets its status and the connection is closed") {
  struct row {
    std::string bytes;
    int status;
  };
  const std::vector<row> rows{
    {"nonsense\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n", 413},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20000, 'x'), 431},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
    {"GET / HTTP/2.0\r\n\r\n", 505}};
  for (const auto& r : rows) {
    virtual_gateway h;
    const auto client = h.http_client(r.bytes);
    REQUIRE(responses(client).size() == 1);
    CHECK(responses(client)[0].status == r.status);
    CHECK(responses(client)[0].has("Connection: close"));
    CHECK(client->closed);
    CHECK(h.in_care_of("http_clients").empty());
  }
}

TEST_CASE("a request that is not finished in 15 s is 408, however it trickles in") {
  virtual_gateway h;
  const auto client = h.http_client("POST / HTTP/1.1\r\nHost: a\r\n");
  for (int second = 0; second < 20 && !client->closed; ++second) {
    client->says("X");
    h.pass(1s);
    CHECK((second >= 13 || !client->closed));
  }
  CHECK(client->closed);
  CHECK(responses(client).at(0).status == 408);
}

TEST_CASE("a connection that is idle between requests is closed after 75 s") {
  virtual_gateway h;
  const auto client = h.http_client(support::http_get("/nowhere"));
  h.pass(70s);
  CHECK_FALSE(client->closed);
  h.pass(10s);
  CHECK(client->closed);
  CHECK(responses(client).size() == 1);
}

TEST_CASE("of an HTTP client that goes away before its answer, what the host approves is reversed") {
  virtual_gateway h;
  const auto m = h.purchase();
  const auto client = h.http_client(post(m));
  client->vanishes();
  h.run_until_idle();
  CHECK(h.in_care_of("http_clients").size() == 1);
  h.host_says(approval(m));
  CHECK(h.in_care_of("http_clients").empty());
  REQUIRE(h.host_got().size() == 2);
  CHECK(h.host_got()[1].mti() == "0400");
}

TEST_CASE("an HTTP client that half-closes and still reads is answered") {
  virtual_gateway h;
  const auto a = h.purchase("00000001"), b = h.purchase("00000002");
  const auto client = h.http_client(post(a) + post(b));
  client->finishes();
  h.run_until_idle();
  h.host_says(approval(a));
  CHECK_FALSE(client->closed);
  h.host_says(approval(b));
  CHECK(responses(client).size() == 2);
  CHECK(client->closed);
}

TEST_CASE("an HTTP client that sends several requests, says no more and reads on gets a reply to each") {
  virtual_gateway h;
  const auto client = h.http_listener->enter();
  h.run_until_idle();
  const auto nothing = support::http_get("/nowhere");
  client->says(nothing + nothing + nothing + post(h.purchase()));
  client->finishes();
  h.run_until_idle();
  CHECK(responses(client).size() == 3);
  REQUIRE(h.host_got().size() == 1);
  h.host_says(approval(h.host_got_last()));
  CHECK(responses(client).size() == 4);
  CHECK(client->closed);
}

TEST_CASE("who sends requests without reading replies is hung up on in the end") {
  virtual_gateway h;
  const auto client = h.http_client(post(h.purchase()));
  const auto more = post(h.purchase("00000002"));
  for (int i = 0; i < 2000; ++i) {
    client->says(more);
    h.run_until_idle();
  }
  CHECK(h.host_got().size() == 1);
  h.host_says(approval(h.host_got()[0]));
  CHECK(client->closed);
}

TEST_CASE("while the gateway ends, a request in flight is answered and the next one is 503") {
  virtual_gateway h;
  const auto m = h.purchase();
  const auto busy = h.http_client(post(m)), idle = h.http_client();
  const auto half = post(h.purchase("00000002"));
  const auto beginning = h.http_client(half.substr(0, 40));
  bool ended = false;
  h.system.spawn([&](caf::event_based_actor* self) {
    self->request(h.gateway, caf::infinite, actors::drain_atom::value).then([&](const actors::test_report&) {
      ended = true;
    });
  });
  h.run_until_idle();
  CHECK(idle->closed);
  beginning->says(half.substr(40));
  h.run_until_idle();
  CHECK(responses(beginning).at(0).status == 503);
  CHECK(responses(beginning).at(0).has("Retry-After: 5"));
  CHECK(beginning->closed);
  CHECK_FALSE(ended);
  h.host_says(approval(m));
  CHECK(responses(busy).at(0).status == 200);
  CHECK(busy->closed);
  CHECK(ended);
  CHECK(h.host_got().size() == 1);
}

TEST_CASE("when an HTTP session or the registry dies, its clients are told and the rest goes on") {
  virtual_gateway h;
  const auto m = h.purchase("00000001");
  const auto first = h.http_client(post(m, "Idempotency-Key: k\r\n"));
  caf::anon_send_exit(h.part("idempotency"), caf::exit_reason::kill);
  h.run_until_idle();
  CHECK(responses(first).at(0).status == 504);
  h.pass(1s);
  const auto b = h.purchase("00000002");
  const auto second = h.http_client(post(b));
  h.host_says(approval(b));
  CHECK(responses(second).at(0).status == 200);
  const auto third = h.http_client(post(h.purchase("00000003")));
  for (const auto& a : h.in_care_of("http_clients"))
    caf::anon_send_exit(a, caf::exit_reason::kill);
  h.run_until_idle();
  CHECK(third->closed);
  const auto c = h.purchase("00000004");
  const auto fourth = h.http_client(post(c));
  h.host_says(approval(c));
  CHECK(responses(fourth).at(0).status == 200);
}

TEST_CASE("who sends several requests, says no more and reads on gets a reply to each") {
  virtual_gateway h;
  const auto m = h.purchase();
  const auto bad = http_post("/", "{"), nowhere = support::http_get("/nowhere");
  for (const auto& requests : std::vector<std::vector<std::string>>{{nowhere, nowhere, nowhere},
                                                                    {bad, post(m)},
                                                                    {nowhere, bad, post(m), nowhere},
                                                                    {post(m), nowhere, bad},
                                                                    {post(m)},
                                                                    {nowhere + "GET /half"}}) {
    virtual_gateway each;
    std::string all;
    for (const auto& r : requests)
      all += r;
    const auto client = each.http_listener->enter();
    each.run_until_idle();
    client->says(all);
    client->finishes();
    each.run_until_idle();
    if (!each.host_got().empty()) {
      CHECK_FALSE(client->closed);
      each.host_says(approval(each.host_got()[0]));
    }
    CHECK(responses(client).size() == requests.size());
    CHECK(client->closed);
    CHECK(each.in_care_of("http_clients").empty());
    CHECK(each.cases().empty());
  }
}

TEST_CASE("no card number of a client's reaches the log, wherever in its request it stands") {
  virtual_gateway h;
  for (const auto* card : {"4850781234567891", "4850-7812-3456-7891", "4850_7812_3456_7891",
                           "4850.7812.3456.7891", "4850%207812%203456%207891", "4850%2D7812%2d3456%2D7891"}) {
    const std::string c = card;
    for (const auto& bytes :
         {c + " / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /" + c + " HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET /a HTTP/1.1\r\nHost: " + c + "\r\n" + c + ": " + c + "\r\n\r\n",
          "GET / HTTP/" + c + "\r\nHost: a\r\n\r\n", c + "\r\n\r\n",
          "GET /v1/messages/" + c + " HTTP/1.1\r\nHost: a\r\n\r\n",
          http_post("/v1/messages", "{\"" + c + "\":\"1\"}"), http_post("/" + c, c), http_post("/", c),
          http_post("/v1/describe", c), post(h.purchase(), "Idempotency-Key: " + c + "\r\n")})
      h.http_client(bytes);
  }
  CHECK(h.log.size() > 60);
  for (const auto& line : h.log) {
    std::string digits;
    for (const char d : line)
      if (d >= '0' && d <= '9')
        digits += d;
    INFO(line);
    CHECK_THAT(digits, !Catch::Contains("4850781234567891") && !Catch::Contains("4850207812203456207891"));
    CHECK_THAT(line, !Catch::Contains("4850%2D7812"));
  }
}
