// Cases that an operator has tried at once, or ends.

#include <catch2/catch.hpp>

#include "tests/actors/reversal/reversal_rig.hpp"

using namespace std::chrono_literals;
using actors::lifecycle::state;
using support::approval;
using test::bank;

TEST_CASE("an operator may have a case tried at once") {
  bank h;
  h.lose_purchase();
  const auto id = h.cases().at(0).id;
  CHECK_FALSE(h.tell(actors::retry{id}).done);  // it is at the host
  h.host_says(approval(h.reversals().at(0), "904"));
  h.pass(10s);
  CHECK(h.tell(actors::retry{id}).done);
  REQUIRE(h.reversals().size() == 2);
  h.host_says(approval(h.reversals().at(1), "400"));
  CHECK(h.cases().empty());
  CHECK_FALSE(h.tell(actors::retry{id}).done);
  CHECK_FALSE(h.tell(actors::retry{999}).done);
}

TEST_CASE("an operator may end a case, which is then tried no more, and the log says who and why") {
  bank h;
  h.lose_purchase();
  const auto id = h.cases().at(0).id;
  CHECK_FALSE(h.tell(actors::resolve{id, "anna", "settled by telephone"}).done);  // it is at the host
  CHECK(h.cases().size() == 1);
  h.host_says(approval(h.reversals().at(0), "904"));
  CHECK(h.tell(actors::resolve{id, "anna", "settled by telephone, card 4111111111111111"}).done);
  CHECK(h.cases().empty());
  CHECK(h.logged("is resolved by anna: settled by telephone"));
  CHECK_FALSE(h.logged("4111111111111111"));
  h.pass(2h);
  CHECK(h.reversals().size() == 1);
  CHECK_FALSE(h.tell(actors::resolve{id, "anna", "again"}).done);
  CHECK_FALSE(h.tell(actors::resolve{999, "anna", "never heard of"}).done);
}

TEST_CASE("an operator may say of an unconfirmed approval that its client has it, and it is not reversed") {
  bank h;
  const auto request = h.purchase();
  const auto client = h.client();
  client->stop_reading();
  client->says(support::wire(request));
  h.run_until_idle();
  h.host_says(approval(request));
  h.restart();
  h.host_answers();
  REQUIRE(h.cases().size() == 1);
  CHECK(h.cases().at(0).state == state::unconfirmed);
  CHECK_FALSE(h.tell(actors::retry{h.cases().at(0).id}).done);
  CHECK(h.tell(actors::resolve{h.cases().at(0).id, "anna", "the till has it"}).done);
  CHECK(h.cases().empty());
  h.pass(1h);
  CHECK(h.host_got().empty());
}

TEST_CASE(
  "with noAutoReversal a case goes onto the list untried, its terminal is free, and an operator's word is "
  "one attempt") {
  bank h([](config::settings& s) { s.delivery.no_auto_reversal = true; });
  h.lose_purchase();
  h.pass(2h);
  CHECK(h.reversals().empty());
  REQUIRE(h.cases().size() == 1);
  CHECK(h.cases().at(0).state == state::parked);
  h.client({h.purchase("00000042", "000002")});
  CHECK(h.count_of("0200") == 2);
  h.host_says(approval(h.host_got_last(), "116"));
  CHECK(h.tell(actors::retry{h.cases().at(0).id}).done);
  CHECK(h.reversals().size() == 1);
  h.pass(2h);
  CHECK(h.reversals().size() == 1);
  h.tell(actors::retry{h.cases().at(0).id});
  REQUIRE(h.reversals().size() == 2);
  h.host_says(approval(h.reversals().at(1), "400"));
  CHECK(h.cases().empty());
}

TEST_CASE("with noAutoReversal the list of an earlier process is not tried either") {
  bank h([](config::settings& s) { s.delivery.no_auto_reversal = true; });
  h.lose_purchase();
  h.restart();
  h.host_answers();
  h.pass(2h);
  CHECK(h.host_got().empty());
  CHECK(h.cases().size() == 1);
}
