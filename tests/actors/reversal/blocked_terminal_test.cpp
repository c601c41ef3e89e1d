// What waits while a transaction of its terminal is being reversed, and what does not.

#include <catch2/catch.hpp>

#include "tests/actors/reversal/reversal_rig.hpp"

using namespace std::chrono_literals;
using support::approval;
using test::bank;

TEST_CASE("a purchase that is being reversed keeps its own terminal waiting and no other") {
  bank h;
  h.lose_purchase();
  const auto other = h.client({h.purchase("00000043", "000001")});
  const auto same = h.client({h.purchase("00000042", "000002")});
  CHECK(h.count_of("0200") == 2);
  h.host_says(approval(h.reversals().at(0), "400"));
  CHECK(h.count_of("0200") == 3);
}

TEST_CASE("messages that move no money do not wait for a reversal's end, only for their turn") {
  bank h;
  h.lose_purchase();
  h.client({support::echo("00000042", "000009")});
  CHECK(h.count_of("0800") == 0);
  h.host_says(approval(h.reversals().at(0), "912"));
  CHECK(h.count_of("0800") == 1);
  CHECK(h.cases().size() == 1);
}

TEST_CASE("a terminal is free again when its case is on the list") {
  bank h;
  h.lose_purchase();
  h.client({h.purchase("00000042", "000002")});
  CHECK(h.count_of("0200") == 1);
  h.host_says(approval(h.reversals().at(0), "904"));
  CHECK(h.count_of("0200") == 2);
}

TEST_CASE("a terminal whose case is on the list stays free when the dispatcher dies") {
  bank h;
  h.lose_purchase();
  h.host_says(approval(h.reversals().at(0), "904"));
  caf::anon_send_exit(h.part("dispatcher"), caf::exit_reason::kill);
  h.pass(1s);
  h.client({h.purchase("00000042", "000002")});
  CHECK(h.count_of("0200") == 2);
}

TEST_CASE("a terminal whose purchase is being reversed stays held when the dispatcher dies") {
  bank h;
  h.client({h.purchase()});
  h.host->vanishes();
  h.run_until_idle();
  caf::anon_send_exit(h.part("dispatcher"), caf::exit_reason::kill);
  h.pass(200ms);
  h.client({h.purchase("00000042", "000002")});
  h.reconnect();
  REQUIRE(h.host_got().size() == 1);
  CHECK(h.host_got().at(0).mti() == "0400");
}
