// Requests of the host that no client takes, and the operator's server.

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "actors/client/host_requests.hpp"
#include "actors/core/digest.hpp"
#include "codec/exchange/host_request.hpp"
#include "scenarios/player/virtual_time.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/upstreams.hpp"

using namespace std::chrono_literals;
using nlohmann::json;

namespace {

// The part that hands requests over, with a server whose replies the test gives.
struct posting_gateway : player::virtual_time {
  posting_gateway() {
    auto e = std::make_shared<actors::environment>();
    e->settings = config::settings();
    e->upstreams = support::one_upstream();
    e->local_time = [] { return support::noon; };
    e->random = [n = std::uint64_t(7)]() mutable { return ++n; };
    auto hook = std::make_shared<actors::webhook>();
    hook->secret = "a secret of the operator";
    hook->now = [] { return std::chrono::sys_seconds(1700000000s); };
    hook->post = [this](net::http_post what, std::function<void(net::post_result)> then) {
      posts.push_back(std::move(what));
      replies.push_back(std::move(then));
    };
    router = own(actors::spawn_host_requests(system, e, hook));
  }

  // The link to the host asks for a response, for ten seconds.
  void ask_for(const char* mti) {
    auto m = support::purchase();
    m.set(0, mti);
    const actors::host_request what{std::make_shared<const codec::message>(m), "", now() + 10s};
    own(system.spawn([this, what](caf::event_based_actor* self) {
      self->request(router, caf::timespan(10s), what)
        .then(
          [this](const actors::answer& a) {
            response = a.response;
            ++answered;
          },
          [this](caf::error&) { failed = true; });
    }));
    run_until_idle();
  }

  // To the oldest post that has none.
  void reply(const net::post_result& r) {
    replies.at(replied++)(r);
    run_until_idle();
  }

  std::vector<net::http_post> posts;
  std::vector<std::function<void(net::post_result)>> replies;
  actors::host_requests_actor router;
  actors::message_ptr response;
  std::size_t replied = 0, answered = 0;
  bool failed = false;
};

const net::post_result refused{0, {}, false, "no connection: Connection refused"};
const net::post_result silent{0, {}, true, "no reply in time"};

std::optional<codec::message> response_in(const std::string& body, unsigned status = 200) {
  std::string why;
  return actors::response_in({status, body, true, {}}, support::purchase(), support::smart_vista(), why);
}

}  // namespace

TEST_CASE(
  "a request of the host that no client takes is posted, and what the server replies is the response") {
  posting_gateway h;
  h.ask_for("0200");
  REQUIRE(h.posts.size() == 1);
  CHECK(h.posts[0].headers[1] == std::pair<std::string, std::string>("Socketqueue-Time", "1700000000"));
  h.reply(
    {200, R"({"response_code": "000", "message": {"approval_code": "123456", "stan": "999999"}})", true, {}});
  REQUIRE(h.response);
  CHECK(h.response->mti() == "0210");
  CHECK((*h.response)[39] == "000");
  CHECK((*h.response)[38] == "123456");
  CHECK((*h.response)[11] == "000001");
  CHECK_FALSE(h.response->has(35));
}

TEST_CASE("a request that the server cannot have is posted again until its time is up") {
  posting_gateway h;
  h.ask_for("0200");
  h.reply(refused);
  h.pass(1s);
  REQUIRE(h.posts.size() == 2);
  CHECK(h.posts[0].headers[0] == h.posts[1].headers[0]);  // its id
  CHECK(h.posts[1].timeout < h.posts[0].timeout);
  for (int i = 0; i < 20; ++i) {
    if (h.replied < h.posts.size())
      h.reply(refused);
    h.pass(1s);
  }
  CHECK(h.posts.size() <= 10);
  CHECK(h.failed);
  CHECK_FALSE(h.response);
}

TEST_CASE(
  "no more than sixteen requests are posted at a time, and the others in their order as replies come") {
  posting_gateway h;
  for (int i = 0; i < 40; ++i)
    h.ask_for("0420");
  CHECK(h.posts.size() == 16);
  // A post that is repeated waits for its turn, too.
  h.reply(refused);
  CHECK(h.posts.size() == 17);
  h.pass(1s);
  CHECK(h.posts.size() == 17);
  while (h.replied < h.posts.size())
    h.reply({200, R"({"response_code": "000"})", true, {}});
  CHECK(h.posts.size() == 41);
  CHECK(h.answered == 40);
}

TEST_CASE("requests whose time is up before their turn are not posted") {
  posting_gateway h;
  for (int i = 0; i < 40; ++i)
    h.ask_for("0420");
  h.pass(11s);
  h.ask_for("0420");
  CHECK(h.posts.size() == 16);
  while (h.replied < 16)
    h.reply(silent);
  CHECK(h.posts.size() == 17);
  h.reply({200, R"({"response_code": "000"})", true, {}});
  CHECK(h.answered == 1);
}

TEST_CASE("a request for money that the server may have is never posted again, an advice is") {
  const bool is_advice = GENERATE(false, true);
  posting_gateway h;
  h.ask_for(is_advice ? "0220" : "0200");
  h.reply(silent);
  h.pass(2s);
  CHECK(h.posts.size() == (is_advice ? 2 : 1));
  CHECK(h.failed == !is_advice);
}

TEST_CASE("a server that replies, but with no response, is not asked again") {
  posting_gateway h;
  h.ask_for("0420");
  h.reply({503, "", true, {}});
  h.pass(5s);
  CHECK(h.posts.size() == 1);
  CHECK(h.failed);
}

TEST_CASE("a post is signed, and has card data only where the operator wants it") {
  const bool sees_cards = GENERATE(false, true);
  actors::webhook hook{
    {}, "a secret of the operator", sees_cards, [] { return std::chrono::sys_seconds(1700000000s); }};
  const auto post = actors::post_of(support::full_purchase(), "txn_1", hook, support::smart_vista());
  const auto header = [&post](const std::string& name) {
    for (const auto& [key, value] : post.headers)
      if (key == name)
        return value;
    return std::string();
  };
  CHECK(header("Socketqueue-Signature") ==
        "sha256=" + actors::keyed_digest_of("1700000000." + post.body, "a secret of the operator"));
  CHECK(header("Socketqueue-Time") == "1700000000");
  const auto body = json::parse(post.body);
  CHECK(body.at("id") == "txn_1");
  CHECK(body.at("message").at("stan") == "000001");
  CHECK(body.contains("hex") == sees_cards);
  CHECK(post.body.find(support::test_pan) == std::string::npos);
}

TEST_CASE("HMAC-SHA-256 is that of RFC 4231") {
  CHECK(actors::keyed_digest_of("what do ya want for nothing?", "Jefe") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("a reply without a code that field 39 can have, or with wrong fields, is no response") {
  CHECK(response_in(R"({"response_code": "116"})"));
  for (const auto* body :
       {R"({"response_code":"00","response_code":"05"})", "", "[]", "{}", R"({"response_code": 0})",
        R"({"response_code": "1000"})", R"({"response_code": ""})",
        R"({"response_code": "000", "message": {"no_such_field": "1"}})",
        R"({"response_code": "000", "message": [1]})",
        R"({"response_code": "000", "message": {"amount": "x"}})"}) {
    INFO(body);
    CHECK_FALSE(response_in(body));
  }
  CHECK_FALSE(response_in(R"({"response_code": "000"})", 500));
}
