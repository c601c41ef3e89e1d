// The journal: what must be on the disk before a reply, and which intents it refuses.

#include <catch2/catch.hpp>

#include "tests/actors/journal/journal_rig.hpp"

using namespace std::chrono_literals;
using actors::refusal;
using actors::transaction_id;
using test::journal_rig;
using test::outcome;
using test::outcome_ptr;
using test::purchase_of;

TEST_CASE_METHOD(journal_rig, "an intent is acknowledged when it is on the disk, and not before") {
  disk().pause();
  const auto o = intend(1);
  CHECK_FALSE(o->done);
  CHECK(records() == 0);
  pass(10s);
  CHECK_FALSE(o->done);
  disk().release();
  run_until_idle();
  CHECK(o->done);
  CHECK(records() == 1);
}

TEST_CASE_METHOD(journal_rig, "an approval is acknowledged when it is on the disk, and not before") {
  intend(1);
  disk().pause();
  const auto o = approve(1);
  CHECK_FALSE(o->done);
  disk().release();
  run_until_idle();
  CHECK(o->done);
  CHECK(records() == 2);
}

TEST_CASE_METHOD(journal_rig, "whatever is decided while a batch is being written is the next batch") {
  disk().pause();
  std::vector<outcome_ptr> all{intend(1)};
  for (transaction_id id = 2; id <= 9; ++id)
    all.push_back(intend(id));
  CHECK(disk().waiting() == 1);
  disk().release();
  run_until_idle();
  CHECK(disk().written() == 2);
  CHECK(records() == 9);
  CHECK(std::ranges::all_of(all, &outcome::done));
}

TEST_CASE_METHOD(journal_rig, "what need not be durable waits a second for company") {
  intend(1);
  approve(1);
  const auto before = disk().written();
  deliver(1);
  CHECK(records() == 2);
  pass(1s);
  CHECK(records() == 3);
  CHECK(disk().written() == before + 1);
}

TEST_CASE_METHOD(journal_rig, "what need not be durable goes with the next that must be") {
  intend(1);
  approve(1);
  const auto before = disk().written();
  deliver(1);
  intend(2);
  CHECK(records() == 4);
  CHECK(disk().written() == before + 1);
}

TEST_CASE_METHOD(journal_rig, "an idle journal writes nothing") {
  pass(1h);
  CHECK(disk().written() == 0);
}

TEST_CASE_METHOD(journal_rig, "a drain is answered when everything is on the disk") {
  intend(1);
  approve(1);
  deliver(1);
  disk().pause();
  const auto o = request<actors::drain_atom>(actors::drain_atom::value);
  CHECK_FALSE(o->done);
  disk().release();
  run_until_idle();
  CHECK(o->done);
  CHECK(records() == 3);
}

TEST_CASE("without a disk everything is acknowledged at once, and the book is the same") {
  journal_rig d;
  auto journal = d.own(actors::spawn_journal(
    d.system, d.env, {std::make_shared<actors::book>(d.env->upstreams), nullptr, nullptr}));
  std::swap(journal, d.journal);
  CHECK(d.intend(1)->done);
  CHECK(d.approve(1)->done);
  CHECK(d.undo(1)->done);
  CHECK(d.cases().size() == 1);
  d.pass(48h);
  CHECK(d.records() == 0);
  CHECK(d.panics.empty());
}

TEST_CASE_METHOD(journal_rig,
                 "TID and STAN of what is open or approved are refused, and nothing is written") {
  intend(1);
  approve(1);
  CHECK(intend(2, purchase_of(1))->refused == refusal::stan_in_use);
  deliver(1);
  CHECK(intend(3, purchase_of(1))->refused == refusal::stan_in_use);
  pass(2s);
  CHECK(records() == 3);
  auto later = purchase_of(1);
  later.set(12, "261123120500");
  CHECK(intend(4, later)->done);
}

TEST_CASE("with stanScope day, TID and STAN of what is approved are refused on the same day") {
  journal_rig d([](config::settings& s) { s.queue.scope = config::stan_scope::day; });
  d.intend(1);
  d.approve(1);
  d.deliver(1);
  auto later = purchase_of(1);
  later.set(12, "261123235959");
  CHECK(d.intend(2, later)->refused == refusal::stan_in_use);
  later.set(12, "261124000000");
  CHECK(d.intend(3, later)->done);
}

TEST_CASE_METHOD(journal_rig,
                 "other money of a terminal is asked to come again until the first is answered, or has been "
                 "reversed for a while") {
  intend(1);
  CHECK(intend(2, purchase_of(1, "000002"))->refused == refusal::not_yet);
  undo(1);
  CHECK(intend(3, purchase_of(1, "000002"))->refused == refusal::not_yet);
  attempt(1);
  CHECK(intend(4, purchase_of(1, "000002"))->refused == refusal::not_yet);
  pass(actors::book::terminal_block_max);
  CHECK(intend(5, purchase_of(1, "000002"))->done);
}

TEST_CASE("without the terminal lock other money of a terminal waits for a first reversal alone") {
  journal_rig d([](config::settings& s) { s.queue.lock_terminal = false; });
  d.intend(1);
  CHECK(d.intend(2, purchase_of(1, "000002"))->done);
  d.undo(1);
  CHECK(d.intend(3, purchase_of(1, "000003"))->refused == refusal::not_yet);
}
