// What ends a reversal: answers of the host, early, late and of other transactions.

#include <catch2/catch.hpp>

#include "actors/reversal/reversal.hpp"
#include "tests/actors/reversal/reversal_rig.hpp"

using namespace std::chrono_literals;
using actors::lifecycle::state;
using support::approval;
using support::messages_in;
using test::bank;

TEST_CASE("when the host has reversed it, a purchase is over and never reversed again") {
  bank h;
  const auto request = h.lose_purchase();
  REQUIRE(h.reversals().size() == 1);
  const auto reversal = h.reversals().at(0);
  CHECK(reversal[4] == request[4]);
  CHECK(reversal[11] == request[11]);
  CHECK(reversal[12] == request[12]);
  CHECK(reversal[24] == "400");
  CHECK(reversal[7] == "1123120035");
  h.host_says(approval(reversal, "400"));
  CHECK(h.cases().empty());
  CHECK(h.in_care_of("reversal_supervisor").empty());
  h.pass(2h);
  CHECK(h.reversals().size() == 1);
}

TEST_CASE(
  "'duplicate' means that an earlier attempt has worked, and at the first attempt that a person must look") {
  bank h;
  h.lose_purchase();
  h.pass(5s);
  REQUIRE(h.reversals().size() == 2);
  h.host_says(approval(h.reversals().at(1), "913"));
  CHECK(h.cases().empty());

  bank first;
  first.lose_purchase();
  first.host_says(approval(first.reversals().at(0), "913"));
  REQUIRE(first.cases().size() == 1);
  CHECK(first.cases()[0].state == state::parked);
}

TEST_CASE("a purchase that the host does not know yet is reversed once more when it cannot arrive any more") {
  bank h;
  h.lose_purchase();
  CHECK(h.attempts_within(200s, "914") == std::vector<std::chrono::milliseconds>{0s, 60s});
  CHECK(h.cases().empty());
  CHECK(h.logged("the host does not know it, so there is nothing to reverse"));
}

TEST_CASE(
  "a purchase that the host does not know, and has approved after all, is reversed at once, with its "
  "reference") {
  bank h;
  const auto request = h.lose_purchase();
  h.host_says(approval(h.reversals().at(0), "914"));
  h.pass(20s);
  CHECK(h.reversals().size() == 1);
  h.host_says(approval(request));
  REQUIRE(h.reversals().size() == 2);
  CHECK(h.reversals().at(1)[37] == "000000000001");
  h.host_says(approval(h.reversals().at(1), "400"));
  CHECK(h.cases().empty());
}

TEST_CASE(
  "of a host that was silent and never knew it the case ends when it has said so once for each attempt that "
  "came too early") {
  bank h;
  h.lose_purchase();
  CHECK(h.attempts_within(61s, nullptr).size() == 6);
  // Those six answers may still come, and each would be taken for one to a later attempt.
  CHECK(h.attempts_within(60s, "914").size() == 7);
  CHECK(h.cases().empty());
  CHECK(h.logged("there is nothing to reverse"));
}

TEST_CASE(
  "an answer to an attempt whose time is over, that comes when the next one is at the host, does not end the "
  "case as unknown to the host") {
  bank h;
  h.lose_purchase();
  h.attempts_within(75s, nullptr);
  const auto attempts = h.reversals();
  REQUIRE(attempts.size() == 7);
  h.host_says(approval(attempts.at(5), "914"));
  h.pass(100ms);
  CHECK(h.cases().size() == 1);
  CHECK(h.reversals().size() == 8);
}

TEST_CASE("a host that an operator has moved since is not believed that there is nothing to reverse") {
  for (const bool is_moved : {false, true}) {
    bank h;
    auto& env = const_cast<actors::environment&>(*h.env);
    env.host_marks = {{"", 1}};
    h.lose_purchase();
    if (is_moved)
      env.host_marks = {{"", 2}};
    h.attempts_within(200s, "914");
    CHECK(h.cases().size() == (is_moved ? 1 : 0));
    CHECK(h.logged("its address, dialect or setFields are others than when it was sent") == is_moved);
  }
}

TEST_CASE("the host's late approval is never told, and gives the next reversal its reference") {
  bank h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.pass(35s);
  CHECK_FALSE(h.reversals().at(0).has(37));
  h.host_says(approval(request));
  CHECK(client->sent.empty());
  h.pass(5s);
  REQUIRE(h.reversals().size() == 2);
  CHECK(h.reversals().at(1)[37] == "000000000001");
}

TEST_CASE("the host's late decline ends a case between two attempts, and one under way awaits its answer") {
  bank h;
  const auto request = h.lose_purchase();
  h.host_says(approval(request, "116"));
  CHECK(h.cases().size() == 1);
  h.host_says(approval(h.reversals().at(0), "912"));
  h.host_says(approval(h.reversals().at(1), "912"));
  CHECK(h.cases().size() == 1);
  h.host_says(approval(request, "116"));
  CHECK(h.cases().empty());
  h.pass(1h);
  CHECK(h.reversals().size() == 2);
}

TEST_CASE("a late decline that says no time ends no reversal: it may be that of a balance inquiry") {
  bank h;
  auto late = approval(h.lose_purchase(), "116");
  late.erase(12);
  h.pass(60s);
  h.host_says(late);
  CHECK(h.cases().size() == 1);
  h.host_says(approval(h.reversals().back(), "400"));
  CHECK(h.cases().empty());
}

TEST_CASE("an approval of what has been reversed, with another reference, is reversed as well") {
  bank h;
  const auto request = h.lose_purchase();
  h.host_says(approval(h.reversals().at(0), "914"));
  h.pass(60s);
  h.host_says(approval(h.reversals().at(1), "914"));
  REQUIRE(h.cases().empty());
  h.host_says(approval(request));
  REQUIRE(h.reversals().size() == 3);
  CHECK(h.reversals().at(2)[37] == "000000000001");
  CHECK(h.logged("the host approves what had ended"));
}

TEST_CASE("after a restart an answer that says no time, of an earlier purchase, answers no later one") {
  bank h;
  const auto first = h.lose_purchase();
  h.host_says(approval(h.reversals().at(0), "400"));
  REQUIRE(h.cases().empty());
  h.pass(2s);
  h.restart();
  h.host_answers();
  const auto second = h.purchase();
  const auto client = h.client({second});
  h.pass(0s);
  REQUIRE(h.host_got_last() == second);
  auto late = approval(first);
  late.erase(12);
  h.host_says(late);
  CHECK(client->sent.empty());
  h.host_says(approval(second));
  CHECK(messages_in(client->sent) == std::vector{approval(second)});
}

TEST_CASE(
  "a reversal that the dialect cannot express is on the list at once, and is not tried every second") {
  bank h;
  h.client({h.purchase()});
  h.host->vanishes();
  h.run_until_idle();
  REQUIRE(h.cases().size() == 1);
  int tried = 0;
  actors::directory peers{};
  peers.journal = caf::actor_cast<actors::journal_actor>(h.part("journal"));
  peers.dispatcher = h.own(
    h.system.spawn([&tried](actors::dispatcher_actor::pointer) -> actors::dispatcher_actor::behavior_type {
      return {[&tried](actors::submit&) -> caf::result<actors::answer> {
                ++tried;
                return caf::make_error(actors::refusal::malformed);
              },
              [](const actors::withdraw&) {},
              [](const actors::terminal_blocked&) {},
              [](const actors::terminal_free&) {},
              [](const actors::link_status&) {},
              [](const actors::idle&) {},
              [](const actors::directory&) {},
              [](actors::children_atom) { return std::vector<caf::actor>(); }};
    }));
  const auto supervisor = caf::actor_cast<actors::reversal_supervisor_actor>(h.part("reversal_supervisor"));
  const auto reversal = h.own(actors::spawn_reversal(h.system, h.env, h.cases().at(0), peers, supervisor));
  h.run_until_idle();
  caf::anon_send(reversal, actors::attempt_granted::value);
  h.pass(10s);
  CHECK(tried == 1);
  CHECK(h.cases().at(0).state == state::parked);
  CHECK(h.logged("the host's dialect cannot express its reversal; it is on the list"));
}
