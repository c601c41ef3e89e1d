// Reversals after the failure of a part, of the disk or of the process.

#include <catch2/catch.hpp>

#include "tests/actors/reversal/reversal_rig.hpp"

using namespace std::chrono_literals;
using support::approval;
using test::bank;

TEST_CASE("when a reversal dies it is begun again, with its attempts counted on") {
  bank h;
  h.lose_purchase();
  CHECK(h.attempts_within(15s, "912").size() == 4);
  for (const auto& r : h.in_care_of("reversal_supervisor"))
    caf::anon_send_exit(r, caf::exit_reason::kill);
  h.run_until_idle();
  CHECK(h.logged("has failed and is begun again"));
  // The fifth attempt at once, then by the schedule to the eleventh.
  CHECK(h.attempts_within(700s, "912").size() == 7);
  CHECK(h.logged("no confirmation in 11 attempts"));
}

TEST_CASE("when the reversal supervisor dies, the next one has its cases from the journal, and loses none") {
  bank h;
  h.lose_purchase("00000042");
  h.lose_purchase("00000043");
  h.attempts_within(3s, "912");
  REQUIRE(h.cases().size() == 2);
  caf::anon_send_exit(h.part("reversal_supervisor"), caf::exit_reason::kill);
  h.run_until_idle();
  CHECK(h.logged("reversal_supervisor has failed and is started again"));
  CHECK(h.attempts_within(1s, "400").size() == 2);
  CHECK(h.cases().empty());
  CHECK(h.in_care_of("reversal_supervisor").empty());
}

TEST_CASE(
  "when the reversal supervisor dies with a reversal at the host, that is repeated, not doubled beside it") {
  bank h;
  h.lose_purchase();
  REQUIRE(h.reversals().size() == 1);
  caf::anon_send_exit(h.part("reversal_supervisor"), caf::exit_reason::kill);
  h.pass(200ms);
  CHECK(h.reversals().size() == 1);
  h.host_says(approval(h.reversals().at(0), "400"));  // to nobody any more
  REQUIRE(h.reversals().size() == 2);
  h.host_says(approval(h.reversals().at(1), "400"));
  CHECK(h.cases().empty());
}

TEST_CASE(
  "the next process reverses what was at the host, before its clients come in, and counts attempts on after "
  "yet another") {
  bank h;
  h.client({h.purchase()});
  h.restart();
  CHECK(h.listener->is_open());
  h.host_answers();
  REQUIRE(h.reversals().size() == 1);
  // Field 35 was never kept; the card number was.
  CHECK(h.reversals().at(0)[2] == support::test_pan);
  CHECK_FALSE(h.reversals().at(0).has(35));
  h.host_says(approval(h.reversals().at(0), "912"));
  h.pass(5s);
  h.restart();
  h.host_answers();
  h.seen = 0;
  h.attempts_within(700s, "912");
  CHECK(h.logged("no confirmation in 11 attempts"));
}

TEST_CASE("a disk that fails with a purchase at the host ends the process, and the next one reverses it") {
  bank h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  REQUIRE(h.host_got().size() == 1);
  h.kept.disk().fail_next("input/output error", false);
  h.host_says(approval(request));
  REQUIRE(h.panicked);
  CHECK(client->sent.empty());
  h.restart();
  h.host_answers();
  REQUIRE(h.host_got().size() == 1);
  CHECK(h.host_got().at(0).mti() == "0400");
  h.host_says(approval(h.host_got().at(0), "400"));
  CHECK(h.cases().empty());
}
