// Whether the host still answers on its link, and who takes it over.

#include <catch2/catch.hpp>

#include "codec/fields.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using support::virtual_gateway;

namespace {

void with_echoes(config::settings& s) { s.upstreams.front().liveness.echo_interval = 60s; }

std::ptrdiff_t count_of(const virtual_gateway& h, const char* mti) {
  return std::ranges::count(h.host_got(), mti, &codec::message::mti);
}

void answer_echo(virtual_gateway& h) {
  REQUIRE(h.host_got_last().mti() == "0800");
  auto m = h.host_got_last();
  m.set(codec::fields::mti, "0810");
  m.set(codec::fields::response_code, "000");
  h.host_says(m);
}

}  // namespace

TEST_CASE("upstreamTimeout hangs up on a host that owes an answer, and leaves a quiet one alone") {
  virtual_gateway h([](config::settings& s) { s.upstreams.front().liveness.silence_max = 20s; });
  h.pass(1h);
  CHECK_FALSE(h.host->closed);
  const auto client = h.client({h.purchase()});
  h.pass(19s);
  CHECK_FALSE(h.host->closed);
  h.pass(2s);
  CHECK(h.host->closed);
  CHECK(h.logged("nothing received for 20 s, though an answer is due"));
  CHECK(h.logged("host_lost, its outcome is unknown"));
}

TEST_CASE("a request that was given up is not owed: upstreamTimeout begins with the next one") {
  virtual_gateway h([](config::settings& s) {
    s.upstreams.front().liveness.silence_max = 60s;
    s.delivery.no_auto_reversal = true;
  });
  const auto lost = h.client({h.purchase("00000042")});
  h.pass(36s);
  CHECK(lost->closed);
  h.pass(20s);
  const auto request = h.purchase("00000043");
  const auto client = h.client({request});
  h.pass(30s);
  CHECK_FALSE(h.host->closed);
  h.host_says(approval(request));
  CHECK(messages_in(client->sent).size() == 1);
  h.pass(1h);
  CHECK_FALSE(h.host->closed);
}

TEST_CASE("a host that sends frames without a message is not silent") {
  virtual_gateway h([](config::settings& s) { s.upstreams.front().liveness.silence_max = 10s; });
  const auto client = h.client({h.purchase()});
  for (int i = 0; i < 3; ++i) {
    h.pass(8s);
    h.host->events.frames({});
    h.run_until_idle();
  }
  CHECK(h.host->is_open());
  h.pass(10s);
  CHECK(h.logged("nothing received"));
}

TEST_CASE("a quiet host is asked each minute whether it is there") {
  virtual_gateway h(with_echoes);
  for (int i = 1; i <= 3; ++i) {
    h.pass(59s);
    CHECK(count_of(h, "0800") == i - 1);
    h.pass(1200ms);
    CHECK(count_of(h, "0800") == i);
    answer_echo(h);
  }
  CHECK_FALSE(h.host->closed);
}

TEST_CASE(
  "a host that hangs is noticed by three echoes, and what came meanwhile goes over the next link, once") {
  virtual_gateway h(with_echoes);
  h.pass(61s);
  answer_echo(h);
  h.pass(61s);
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.pass(31s);
  CHECK(h.host->closed);
  CHECK(count_of(h, "0800") == 4);
  CHECK(count_of(h, "0200") == 0);
  CHECK(h.logged("3 echoes in a row were not answered"));
  h.pass(1s);
  h.host_answers();
  REQUIRE(count_of(h, "0200") == 1);
  h.host_says(approval(request));
  CHECK(messages_in(client->sent).size() == 1);
  h.pass(40s);
  CHECK(h.cases().empty());
}

TEST_CASE("requests that wait for an echo leave when the host says something") {
  virtual_gateway h(with_echoes);
  h.pass(61s);
  answer_echo(h);
  h.pass(61s);
  const auto client = h.client({h.purchase()});
  CHECK(count_of(h, "0200") == 0);
  answer_echo(h);
  CHECK(count_of(h, "0200") == 1);
}

TEST_CASE("a request that waits for an echo past its time is refused and never sent") {
  virtual_gateway h([](config::settings& s) {
    with_echoes(s);
    s.upstreams.front().liveness.echo_misses = 0;
  });
  h.pass(61s);
  answer_echo(h);
  h.pass(61s);
  const auto client = h.client({h.purchase()});
  h.pass(36s);
  CHECK(client->closed);
  answer_echo(h);
  h.pass(60s);
  CHECK(count_of(h, "0200") == 0);
  CHECK(count_of(h, "0400") == 0);
}

TEST_CASE("a host that answers requests and no echoes is served as before, and not asked any more") {
  virtual_gateway h(with_echoes);
  const auto first = h.purchase();
  const auto a = h.client({first});
  h.host_says(approval(first));
  h.pass(100s);
  CHECK(h.logged("answers requests but no echoes"));
  CHECK_FALSE(h.host->closed);
  const auto echoes = count_of(h, "0800");
  h.pass(1h);
  CHECK(count_of(h, "0800") == echoes);
  const auto second = h.purchase("00000043");
  const auto b = h.client({second});
  CHECK(count_of(h, "0200") == 2);
}

TEST_CASE(
  "a host that leaves three requests unanswered is dialed anew, and they are reversed over the new link") {
  virtual_gateway h;
  std::vector<player::connection_ptr> clients;
  for (const auto* tid : {"00000001", "00000002", "00000003"}) {
    clients.push_back(h.client({h.purchase(tid)}));
    h.pass(1s);
  }
  h.pass(31s);
  CHECK_FALSE(h.host->closed);
  h.pass(4s);
  CHECK(h.host->closed);
  CHECK(h.logged("3 requests in a row were not answered"));
  h.pass(2s);
  h.host_answers();
  h.pass(2s);
  CHECK(count_of(h, "0400") == 3);
}

TEST_CASE("a host that answers reversals and no purchases is given up as well") {
  virtual_gateway h;
  for (const auto* tid : {"00000001", "00000002", "00000003"}) {
    const auto client = h.client({h.purchase(tid)});
    h.pass(36s);
    if (h.host->closed)
      break;
    auto m = h.host_got_last();
    REQUIRE(m.mti() == "0400");
    m.set(codec::fields::mti, "0410");
    m.set(codec::fields::response_code, "400");
    h.host_says(m);
  }
  CHECK(h.host->closed);
  CHECK(h.logged("3 requests in a row were not answered"));
  CHECK(h.dialer->distrusted == 1);
}

TEST_CASE("a link that must prove itself carries nothing before the host has answered an echo") {
  virtual_gateway h([](config::settings& s) { s.upstreams.front().liveness.prove = true; });
  CHECK(count_of(h, "0800") == 1);
  const auto client = h.client({h.purchase()});
  CHECK(count_of(h, "0200") == 0);
  answer_echo(h);
  CHECK(count_of(h, "0200") == 1);
}

TEST_CASE("a host that calls again takes over a silent link, and what was under way there is reversed") {
  virtual_gateway h(with_echoes);
  h.pass(61s);
  answer_echo(h);
  h.dialer->waiting = true;
  const auto request = h.purchase();
  const auto client = h.client({request});
  const auto old = h.host;
  old->events.rival("10.0.0.1:7000");
  h.run_until_idle();
  CHECK(h.host_got_last().mti() == "0800");
  CHECK(h.logged("The ISO-host calls again, from 10.0.0.1:7000"));
  h.pass(1900ms);
  CHECK_FALSE(old->closed);
  h.pass(200ms);
  CHECK(old->closed);
  CHECK(h.logged("host_lost, its outcome is unknown"));
  h.host_answers();
  h.pass(1s);
  CHECK(h.host_got_last().mti() == "0400");
}

TEST_CASE("of a host that answers no echoes the old link has more time when it calls again") {
  virtual_gateway h;
  h.dialer->waiting = true;
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.host->events.rival("10.0.0.1:7000");
  h.pass(8s);
  CHECK_FALSE(h.host->closed);
  h.host_says(approval(request));
  CHECK(messages_in(client->sent).size() == 1);
  CHECK(h.dialer->rivals_refused == 1);
  h.pass(1min);
  CHECK_FALSE(h.host->closed);
}

TEST_CASE("a host that calls again while its link works is hung up on") {
  virtual_gateway h;
  h.dialer->waiting = true;
  h.host->events.rival("10.0.0.1:7000");
  h.run_until_idle();
  answer_echo(h);
  CHECK(h.dialer->rivals_refused == 1);
  h.pass(1min);
  CHECK_FALSE(h.host->closed);
}
