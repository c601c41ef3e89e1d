// The link to the host: waiting, pairing, timing out, losing and redialing it.

#include <catch2/catch.hpp>

#include "actors/upstream/backoff.hpp"
#include "codec/dialect/dialect_file.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using support::virtual_gateway;
using support::wire;

TEST_CASE("requests wait while the link is down and leave when it is up") {
  virtual_gateway h({}, false);
  const auto a = h.purchase("00000001"), b = h.purchase("00000002");
  const auto first = h.client({a});
  h.pass(1s);
  const auto second = h.client({b});
  h.pass(5s);
  h.host_answers();
  const auto got = h.host_got();
  REQUIRE(got.size() == 2);
  CHECK(std::ranges::count(got, a) == 1);
  CHECK(std::ranges::count(got, b) == 1);
  h.host_says(approval(a));
  h.host_says(approval(b));
  CHECK(messages_in(first->sent).size() == 1);
  CHECK(messages_in(second->sent).size() == 1);
}

TEST_CASE("a request whose time is up before there is a link is refused and never sent late") {
  virtual_gateway h({}, false);
  const auto client = h.client({h.purchase()});
  h.pass(34s);
  CHECK_FALSE(client->closed);
  h.pass(2s);
  CHECK(client->closed);
  CHECK(client->sent.empty());
  while (!h.dialer->calling)
    h.pass(1s);
  h.host_answers();
  h.pass(60s);
  CHECK(h.host_got().empty());
}

TEST_CASE("a silent host is a refusal at queueTimeout, its late answer is dropped and counted") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.pass(34900ms);
  CHECK_FALSE(client->closed);
  h.pass(200ms);
  CHECK(client->closed);
  CHECK(h.logged("0200 TID 00000042 STAN 000001: timed_out, its outcome is unknown"));
  h.host_says(approval(request));
  CHECK(client->sent.empty());
  CHECK(h.logged("comes too late"));
  CHECK_THAT(h.statistics(), Catch::Contains("\"late\":1"));
}

TEST_CASE("replies that belong to nobody are dropped and counted, each by its kind") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client({request});

  h.host_says(approval(h.purchase("00000099", "000009")));
  auto wrong_amount = approval(request);
  wrong_amount.set(4, "000000009999");
  h.host_says(wrong_amount);
  auto reversal = request;
  reversal.set(0, "0400");
  h.host_says(approval(reversal));
  CHECK(client->sent.empty());

  h.host_says(approval(request));
  h.host_says(approval(request));
  CHECK(messages_in(client->sent).size() == 1);
  CHECK_THAT(
    h.statistics(),
    Catch::Contains("\"strayCount\":{\"contradicting\":1,\"duplicate\":1,\"late\":0,\"unknown\":2}"));
  CHECK_FALSE(h.logged(support::test_pan));
}

TEST_CASE("garbage in a good frame is dropped, the link stays and the right answer still comes") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.host->says("0210 garbage");
  h.host->says(std::string(3, '\0'));
  h.host->says(support::wire(approval(request)).substr(0, 40));
  h.run_until_idle();
  CHECK(client->sent.empty());
  CHECK_FALSE(h.host->closed);
  h.host_says(approval(request));
  CHECK(messages_in(client->sent).size() == 1);
}

TEST_CASE("the host's own 0800 is answered at once, other requests of it are not") {
  virtual_gateway h;
  auto test = support::echo("00000000", "777777");
  test.set(42, "000000000000123");
  h.host_says(test);
  const auto got = h.host_got();
  REQUIRE(got.size() == 1);
  CHECK(got[0].mti() == "0810");
  CHECK(got[0][11] == "777777");
  CHECK(got[0][39] == "000");
  CHECK(got[0][37].size() == 12);
  CHECK(got[0][7] == "1123120000");
  CHECK_FALSE(got[0].has(24));
  CHECK_FALSE(got[0].has(42));

  h.host_says(h.purchase());
  CHECK(h.host_got().size() == 1);
  CHECK(h.logged("which is not answered"));
}

TEST_CASE("a lost link refuses those in flight, which are reversed when the host is there again") {
  virtual_gateway h;
  const auto a = h.purchase("00000001"), b = h.purchase("00000002");
  const auto first = h.client({a}), second = h.client({b});
  h.host->vanishes();
  h.run_until_idle();
  CHECK(first->closed);
  CHECK(second->closed);
  CHECK(h.logged("host_lost, its outcome is unknown"));

  const auto c = h.purchase("00000003");
  const auto third = h.client({c});
  h.pass(1s);
  h.host_answers();
  const auto got = h.host_got();
  REQUIRE(got.size() == 3);
  CHECK(std::ranges::count(got, c) == 1);
  CHECK(std::ranges::count(got, "0400", &codec::message::mti) == 2);
  h.host_says(approval(a));
  CHECK_THAT(h.statistics(), Catch::Contains("\"late\":1"));
}

TEST_CASE("a link's last word after we hung up on it does not make us dial twice") {
  virtual_gateway h([](config::settings& s) { s.upstreams.front().liveness.silence_max = 20s; });
  const auto events = h.host->events;
  const auto client = h.client({h.purchase()});
  h.pass(20s);
  REQUIRE(h.host->closed);
  events.down("connection reset by peer");
  h.run_until_idle();
  const auto before = h.dialer->dials;
  h.pass(1s);
  h.host_answers();
  CHECK(h.dialer->dials == before + 1);
  h.pass(10s);
  CHECK(h.dialer->dials == before + 1);
  CHECK_FALSE(h.host->closed);
}

TEST_CASE("a host that hangs up in order is dialed again too") {
  virtual_gateway h;
  h.host->finishes();
  h.run_until_idle();
  CHECK(h.host->closed);
  h.pass(1s);
  CHECK(h.dialer->calling);
}

TEST_CASE("a host that accepts and closes is dialed at most ten times in the first minute") {
  const auto seed = GENERATE(range(1, 20));
  virtual_gateway h({}, false, static_cast<std::uint64_t>(seed));
  const auto end = h.now() + 60s;
  while (h.now() < end) {
    if (h.dialer->calling) {
      h.host_answers();
      h.host->vanishes();
    }
    h.pass(100ms);
  }
  CHECK(h.dialer->dials <= 10);
  CHECK(h.dialer->dials >= 5);
}

TEST_CASE("the pause between dials grows to 30 s and is short again after 30 s of health") {
  virtual_gateway h({}, false);
  const auto next_pause = [&h] {
    const auto begun = h.now();
    while (!h.dialer->calling)
      h.pass(100ms);
    return h.now() - begun;
  };
  for (int i = 0; i < 12; ++i) {
    h.dialer->refuse_call();
    const auto pause = next_pause();
    CHECK(pause <= 30s + 200ms);
    if (i > 8)
      CHECK(pause >= 22s);
  }
  h.host_answers();
  h.pass(29s);
  h.host->vanishes();
  CHECK(next_pause() >= 22s);
  h.host_answers();
  h.pass(31s);
  h.host->vanishes();
  CHECK(next_pause() <= 700ms);
}

TEST_CASE("a link that carried an answer and then falls is dialed again as soon as the first time") {
  virtual_gateway h({}, false);
  const auto next_pause = [&h] {
    const auto begun = h.now();
    while (!h.dialer->calling)
      h.pass(100ms);
    return h.now() - begun;
  };
  for (int i = 0; i < 8; ++i) {
    h.dialer->refuse_call();
    next_pause();
  }
  for (int round = 1; round <= 5; ++round) {
    h.host_answers();
    const auto request = h.purchase("00000042", "00000" + std::to_string(round));
    h.client({request});
    h.host_says(approval(request));
    h.host->vanishes();
    CHECK(next_pause() <= 700ms);
  }
  // What nobody had asked for proves nothing.
  for (int i = 0; i < 8; ++i) {
    h.host_answers();
    h.host_says(approval(h.purchase("00000099", "000099")));
    h.host->vanishes();
    next_pause();
  }
  h.host_answers();
  h.host->vanishes();
  CHECK(next_pause() >= 22s);
}

TEST_CASE("a host that calls us is awaited without a pause") {
  virtual_gateway h({}, false);
  h.dialer->waiting = true;
  h.host_answers();
  h.host->vanishes();
  h.run_until_idle();
  CHECK(h.dialer->calling);
}

TEST_CASE("back-off: half a second, doubling to thirty, never more, never less than three quarters") {
  std::mt19937_64 random_source(1);
  actors::backoff pause;
  for (auto step = 500ms; step < 30000ms; step *= 2) {
    const auto wait = pause.next(random_source);
    CHECK(wait >= step * 3 / 4);
    CHECK(wait <= step);
  }
  CHECK(pause.next(random_source) >= 22500ms);
  CHECK(pause.next(random_source) <= 30000ms);
  pause.reset();
  CHECK(pause.next(random_source) <= 500ms);
}

TEST_CASE(
  "who waits for a link is refused at his own deadline, though others came later and before him in the "
  "line") {
  virtual_gateway h([](config::settings& s) { s.queue.timeout = 8s; }, false);
  const auto a = h.client({h.purchase("00000001", "000001")});
  h.pass(500ms);
  const auto b = h.client({h.purchase("00000001", "000002")});
  h.pass(7200ms);
  const auto c = h.client({h.purchase("00000002", "000003")});
  h.pass(400ms);
  CHECK(a->closed);
  CHECK_FALSE(b->closed);
  h.pass(600ms);
  CHECK(b->closed);
  CHECK_FALSE(c->closed);
  CHECK_FALSE(h.logged("nobody knows"));
}

TEST_CASE(
  "a frame whose header says that the host refuses its message ends that request, which is reversed") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  const auto other = h.client({h.purchase("00000043")});
  h.host->events.frames({net::frame{support::wire(request), {}, net::frame::kind::refused, "it is refused"}});
  h.run_until_idle();
  CHECK(client->closed);
  CHECK(client->sent.empty());
  CHECK_FALSE(other->closed);
  CHECK(h.logged("from the ISO-host are no response: it is refused"));
  CHECK_THAT(h.statistics(), Catch::Contains(R"("droppedFrames":{"bad":0,"refused":1})"));
  CHECK(h.host_got_last().mti() == "0400");
  CHECK(h.host_got_last()[41] == "00000042");
}

TEST_CASE(
  "a refused request was not processed where the dialect says so, but a refused response shows that it was") {
  const bool is_response = GENERATE(false, true);
  virtual_gateway h([](config::settings& s) {
    s.upstreams.front().dialect.exchange = R"({"rejects": {"notProcessed": true}})";
  });
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.host->events.frames({net::frame{support::wire(is_response ? approval(request) : request),
                                    {},
                                    net::frame::kind::refused,
                                    "it is refused"}});
  h.run_until_idle();
  CHECK(client->closed);
  CHECK(client->sent.empty());
  CHECK(h.host_got_last().mti() == (is_response ? "0400" : "0200"));
}

TEST_CASE("a refused frame without a message, or with an approval of nobody, ends nothing") {
  virtual_gateway h;
  const auto client = h.client({h.purchase()});
  h.host->events.frames({net::frame{"garbage", {}, net::frame::kind::refused, "it is refused"}});
  h.host->events.frames({net::frame{
    support::wire(approval(h.purchase("00000043"))), {}, net::frame::kind::refused, "it is refused"}});
  h.run_until_idle();
  CHECK_FALSE(client->closed);
  CHECK(client->sent.empty());
  CHECK(h.host_got().size() == 1);
}

TEST_CASE("a message that the host link's frames cannot express is refused, and the link goes on") {
  virtual_gateway h;
  h.host->content_max = 50;
  const auto client = h.client({h.purchase()});
  CHECK(client->closed);
  CHECK(h.host_got().empty());
  CHECK(h.logged("a frame of the host link can have 50"));
  h.host->content_max = player::connection::no_limit;
  const auto next = h.purchase("00000043");
  const auto other = h.client({next});
  CHECK(h.host_got() == std::vector{next});
  h.host_says(approval(next));
  CHECK(messages_in(other->sent).size() == 1);
}

TEST_CASE("what is for a host with a name goes to it, and so does its reversal, in the next process too") {
  virtual_gateway h([](config::settings& s) { s.upstreams.front().name = "acquirer"; });
  const auto request = h.purchase();
  const auto client = h.client({request});
  REQUIRE(h.host_got().size() == 1);
  h.host_says(approval(request));
  CHECK(client->sent.size() == 1);
  h.client({h.purchase("00000043")});
  h.pass(36s);
  REQUIRE(h.cases().size() == 1);
  CHECK(h.cases()[0].upstream == "acquirer");
  h.restart();
  REQUIRE(h.cases().size() == 1);
  CHECK(h.cases()[0].upstream == "acquirer");
  h.host_answers();
  h.pass(1s);
  const auto reversal = h.host_got_last();
  REQUIRE(reversal.mti() == "0400");
  h.host_says(approval(reversal, "400"));
  CHECK(h.cases().empty());
}

TEST_CASE("a port of clients has a dialect of its own, and each side gets its messages in its own") {
  virtual_gateway h(
    [](config::settings& s) { s.raw_listeners.front().dialect.overrides = "1:bitmap-hex:8"; });
  auto of_port = support::smart_vista();
  REQUIRE_FALSE(codec::override_fields(of_port, "1:bitmap-hex:8"));
  const auto request = h.purchase();
  const auto bytes = codec::pack(request, of_port).value();
  CHECK(bytes != wire(request));
  const auto client = h.client();
  client->says(bytes);
  h.run_until_idle();
  REQUIRE(h.host_got().size() == 1);
  CHECK(h.host_got_last()[4] == request[4]);
  h.host_says(approval(h.host_got_last()));
  REQUIRE(client->sent.size() == 1);
  const auto answer = codec::unpack(client->sent[0], of_port);
  REQUIRE(answer.ok());
  CHECK((*answer)[39] == "000");
}
