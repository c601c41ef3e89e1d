// More clients at once than there is room for (`maxQueue`): they wait, in their order, and are not read on.

#include <catch2/catch.hpp>

#include <algorithm>

#include "codec/text/legacy_json.hpp"
#include "tests/support/http.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using player::connection_ptr;
using support::approval;
using support::messages_in;
using support::virtual_gateway;
using support::wire;

namespace {

std::string digits(std::size_t number, std::size_t width) {
  const auto text = std::to_string(number);
  return std::string(width - text.size(), '0') + text;
}

codec::message purchase_of(virtual_gateway& h, std::size_t number) {
  return h.purchase(digits(number, 8), digits(number, 6), digits(100 + number, 12));
}

// The bank answers all that it has got, after 20 ms, until it gets nothing more. Returns how many.
std::size_t serve_all(virtual_gateway& h) {
  std::size_t answered = 0, most = 0;
  for (auto got = h.host_got(); answered < got.size(); got = h.host_got()) {
    most = std::max(most, got.size() - answered);
    h.pass(20ms);
    for (; answered < got.size(); ++answered)
      h.host_says(approval(got[answered]));
  }
  CHECK(most <= h.env->settings.queue.messages_max);
  return answered;
}

std::string posted(const codec::message& m) {
  return support::http_post("/", codec::to_json(m, support::smart_vista()).dump());
}

support::http_response only(const connection_ptr& c) {
  std::string text;
  for (const auto& s : c->sent)
    text += s;
  const auto all = support::http_responses(text);
  REQUIRE(all.size() == 1);
  return all.front();
}

}  // namespace

TEST_CASE("of 400 terminals at once each is approved by a bank that needs 20 ms, raw and by HTTP") {
  const bool by_http = GENERATE(false, true);
  virtual_gateway h;
  REQUIRE(h.env->settings.queue.messages_max == 100);
  std::vector<connection_ptr> clients;
  for (std::size_t i = 1; i <= 400; ++i)
    clients.push_back(by_http ? h.http_client(posted(purchase_of(h, i))) : h.client({purchase_of(h, i)}));
  CHECK(h.host_got().size() == 100);
  CHECK(serve_all(h) == 400);
  const auto got = h.host_got();
  for (std::size_t i = 1; i <= 400; ++i)
    if (by_http)
      CHECK(only(clients[i - 1]).json().at("result").at("41") == digits(i, 8));
    else
      CHECK(messages_in(clients[i - 1]->sent) == std::vector{approval(got[i - 1])});
  h.pass(2min);
  CHECK(h.host_got().size() == 400);
}

TEST_CASE("who waits for room longer than queueTimeout is refused, and never reaches the host") {
  virtual_gateway h([](config::settings& s) {
    s.queue.messages_max = 1;
    s.upstreams.front().host_timeout = 60s;
    s.queue.timeout = 10s;
    s.queue.lock_terminal = false;
  });
  const auto a = h.client({purchase_of(h, 1)});
  const auto raw = h.client({purchase_of(h, 2)});
  const auto old = h.http_client(posted(purchase_of(h, 3)));
  CHECK(h.host_got().size() == 1);
  h.pass(9s);
  CHECK_FALSE(raw->closed);
  // The first one's time is up as well; its seat would be free for those behind it, whose time is up too.
  h.pass(3s);
  CHECK(raw->closed);
  CHECK(raw->sent.empty());
  CHECK(only(old).status == 504);
  CHECK(h.logged("the queue is full, maxQueue is 1"));
  for (const auto& m : h.host_got())
    CHECK(m[41] == "00000001");
}

TEST_CASE("a client that hangs up while it waits leaves its place to the next") {
  virtual_gateway h([](config::settings& s) { s.queue.messages_max = 1; });
  const auto a = h.client({purchase_of(h, 1)});
  const auto leaves = h.client({purchase_of(h, 2)});
  const auto web = h.http_client(posted(purchase_of(h, 3)));
  const auto stays = h.client({purchase_of(h, 4)});
  leaves->vanishes();
  web->vanishes();
  h.run_until_idle();
  CHECK(h.in_care_of("clients").size() == 2);
  CHECK(h.in_care_of("http_clients").empty());
  CHECK(serve_all(h) == 2);
  CHECK(messages_in(stays->sent).size() == 1);
  CHECK(h.host_got().back()[41] == "00000004");
}

TEST_CASE("a client that sends 300 messages in one breath has all answered in their order, though few fit") {
  const bool half_closes = GENERATE(false, true);
  virtual_gateway h([](config::settings& s) {
    s.queue.messages_max = 2;
    s.raw_listeners.front().keep_open = true;
  });
  const auto client = h.client();
  for (std::size_t i = 1; i <= 300; ++i)
    client->says(wire(purchase_of(h, i)));
  h.run_until_idle();
  if (half_closes)
    client->finishes();
  CHECK(serve_all(h) == 300);
  const auto answers = messages_in(client->sent);
  REQUIRE(answers.size() == 300);
  for (std::size_t i = 1; i <= 300; ++i)
    CHECK(answers[i - 1][11] == digits(i, 6));
  CHECK(client->closed == half_closes);
}
