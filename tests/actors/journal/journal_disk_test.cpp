// The journal on a disk that is full, fails or is removed, and what the next process finds on it.

#include <catch2/catch.hpp>

#include "tests/actors/journal/journal_rig.hpp"

using namespace std::chrono_literals;
using actors::refusal;
using actors::lifecycle::state;
using test::journal_rig;
using test::purchase_of;
using test::reversal_to;

TEST_CASE_METHOD(journal_rig, "an idle journal whose files are removed ends the process within seconds") {
  intend(1);
  pass(1min);
  CHECK(panics.empty());
  disk().lose_files();
  pass(6s);
  REQUIRE(panics.size() == 1);
  CHECK(panics[0].find("was removed or replaced while it was in use") != std::string::npos);
}

TEST_CASE_METHOD(journal_rig,
                 "with a disk that is nearly full new purchases are refused, reversals and ends are taken, "
                 "until there is room") {
  disk().room(false);
  CHECK(intend(1)->done);  // which the disk answers that its room is over
  CHECK(intend(2)->refused == refusal::journal_full);
  CHECK(log.find("nearly full") != std::string::npos);
  CHECK(intend(3, reversal_to(purchase_of(3)))->done);
  CHECK(approve(1)->done);
  CHECK(undo(1)->done);
  disk().room(true);
  attempt(1);
  pass(1s);
  CHECK(log.find("has room again") != std::string::npos);
  CHECK(intend(4)->done);
}

TEST_CASE_METHOD(journal_rig, "when the disk fails the process ends, and nobody is told anything more") {
  disk().fail_next("the disk is on fire", false);
  const auto first = intend(1), second = intend(2);
  REQUIRE(panics.size() == 1);
  CHECK(panics[0] == "the journal cannot be written: the disk is on fire");
  pass(1min);
  const auto third = intend(3);
  CHECK(panics.size() == 1);
  for (const auto& o : {first, second, third}) {
    CHECK_FALSE(o->done);
    CHECK_FALSE(o->refused);
  }
}

TEST_CASE_METHOD(
  journal_rig,
  "a batch that failed and is on the disk all the same is not acknowledged; the next process has it") {
  disk().fail_next("input/output error", true);
  const auto o = intend(1);
  CHECK_FALSE(o->done);
  CHECK(panics.size() == 1);
  restart();
  REQUIRE(cases().size() == 1);
  CHECK(cases()[0].state == state::reversal_due);
}

TEST_CASE_METHOD(journal_rig,
                 "what has ended is forgotten a day later, on the disk too, and what is open is not") {
  intend(1);
  close(1, state::declined);
  intend(2);
  undo(2);
  pass(24h);
  CHECK(records() == 4);
  pass(3s);
  CHECK(records() == 2);
  CHECK(cases().size() == 1);
  CHECK(intend(3, purchase_of(2))->refused == refusal::stan_in_use);
}

TEST_CASE_METHOD(journal_rig,
                 "the next process has what was at the host as due, and what was approved as unconfirmed") {
  intend(1);
  intend(2);
  approve(2);
  intend(3);
  approve(3);
  deliver(3);
  pass(1s);
  restart();
  const auto all = cases();
  REQUIRE(all.size() == 2);
  CHECK(all[0].state == state::reversal_due);
  CHECK(all[0].why == "interrupted");
  CHECK((*all[0].request)[2] == support::test_pan);
  CHECK(all[1].state == state::unconfirmed);
  CHECK(*env->last_transaction == 3);
}

TEST_CASE_METHOD(
  journal_rig,
  "a delivery that was not on the disk yet leaves its purchase unconfirmed, and nothing else is lost") {
  intend(1);
  approve(1);
  deliver(1);
  restart();
  REQUIRE(cases().size() == 1);
  CHECK(cases()[0].state == state::unconfirmed);
}

TEST_CASE(
  "approvals of an earlier process are kept, or reversed after half a minute, as the option unconfirmed "
  "says") {
  const bool reverses = GENERATE(false, true);
  journal_rig d([&](config::settings& s) {
    s.delivery.of_unconfirmed = reverses ? config::unconfirmed::reverse : config::unconfirmed::keep;
  });
  d.intend(1);
  d.approve(1);
  d.intend(2, purchase_of(2), {actors::delivery::idempotent, "txn_2", "key", "digest"});
  d.approve(2);
  d.restart();
  d.pass(actors::fetch_timeout - 1s);
  CHECK(d.opened.empty());
  d.pass(2s);
  // The second is the registry's to wait for.
  CHECK(d.opened.size() == (reverses ? 1 : 0));
  d.pass(1h);
  CHECK(d.opened.size() == (reverses ? 1 : 0));
}
