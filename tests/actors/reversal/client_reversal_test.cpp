// Reversals that a client sends itself.

#include <catch2/catch.hpp>

#include "tests/actors/reversal/reversal_rig.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using test::bank;

TEST_CASE("a reversal that a client sends itself is tried until it is confirmed, also with noAutoReversal") {
  const bool automatic = GENERATE(true, false);
  bank h([&](config::settings& s) { s.delivery.no_auto_reversal = !automatic; });
  auto own = h.purchase();
  own.set(0, "0400");
  own.set(37, "000000000077");
  const auto client = h.client({own});
  h.pass(36s);
  CHECK(client->closed);
  REQUIRE(h.reversals().size() >= 2);
  CHECK(h.reversals().at(1)[4] == own[4]);
  h.host_says(approval(h.reversals().at(1), "400"));
  CHECK(h.cases().empty());
  h.pass(1h);
  CHECK(h.reversals().size() == 2);
}

TEST_CASE("a client's own reversal of what is being reversed joins that, and gets its answer") {
  bank h;
  const auto request = h.purchase();
  h.client({request})->vanishes();
  h.run_until_idle();
  h.host_says(approval(request));
  REQUIRE(h.reversals().size() == 1);
  auto own = request;
  own.set(0, "0400");
  const auto client = h.client({own});
  h.host_says(approval(h.reversals().at(0), "400"));
  REQUIRE(messages_in(client->sent).size() == 1);
  CHECK(messages_in(client->sent)[0].mti() == "0410");
  CHECK(messages_in(client->sent)[0][39] == "400");
  CHECK(messages_in(client->sent)[0][11] == own[11]);
  CHECK(h.reversals().size() == 1);
}

TEST_CASE("that the host takes a purchase for a repeat is on the disk before its client reads it") {
  bank h;
  const auto client = h.client({h.purchase()});
  h.kept.disk().pause();
  h.host_says(approval(h.host_got_last(), "913"));
  CHECK(client->sent.empty());
  h.kept.disk().release();
  h.pass(0s);
  REQUIRE(messages_in(client->sent).size() == 1);
  CHECK(messages_in(client->sent)[0][39] == "913");
}

TEST_CASE("that a client's own reversal is refused is on the disk before its client reads it") {
  bank h;
  const auto request = h.purchase();
  h.client({request});
  h.host_says(approval(request));
  h.pass(2s);
  auto own = request;
  own.set(0, "0400");
  const auto client = h.client({own});
  REQUIRE(h.reversals().size() == 1);
  h.kept.disk().pause();
  h.host_says(approval(h.reversals().at(0), "904"));
  CHECK(client->sent.empty());
  h.kept.disk().release();
  h.pass(0s);
  REQUIRE(messages_in(client->sent).size() == 1);
  CHECK(messages_in(client->sent)[0][39] == "904");
}
