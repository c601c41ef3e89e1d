// The journal: which transactions are reversed, when, and who is told of the end of it.

#include <catch2/catch.hpp>

#include "actors/transaction/transaction_record.hpp"
#include "tests/actors/journal/journal_rig.hpp"

using namespace std::chrono_literals;
using actors::decision;
using actors::refusal;
using actors::transaction_id;
using actors::lifecycle::state;
using test::journal_rig;
using test::purchase_of;
using test::response_to;
using test::reversal_to;
using test::shared;
using kind = decision::kind;

TEST_CASE_METHOD(journal_rig, "what has no approval is reversed at once: its intent alone says so") {
  intend(1);
  disk().pause();
  const auto o = undo(1);
  CHECK(o->done);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].id == 1);
  CHECK(opened[0].state == state::reversal_due);
  CHECK(opened[0].why == "timed_out");
  CHECK(opened[0].late_arrival_until == now() + actors::late_arrival_max);
}

TEST_CASE_METHOD(journal_rig,
                 "what is approved is reversed when it is on the disk that it is to be, and not before") {
  intend(1, purchase_of(1), {actors::delivery::tcp, "txn_1", {}, {}});
  approve(1);
  disk().pause();
  const auto o = undo(1, "undelivered");
  CHECK_FALSE(o->done);
  CHECK(opened.empty());
  CHECK(undone.empty());
  disk().release();
  run_until_idle();
  CHECK(o->done);
  CHECK(opened.size() == 1);
  CHECK(undone == std::vector<std::string>{"txn_1"});
}

TEST_CASE_METHOD(journal_rig, "what its client has is not undone, and neither is an unknown transaction") {
  intend(1);
  approve(1);
  deliver(1);
  CHECK(undo(1)->refused == refusal::failed_unknown);
  CHECK(undo(99)->refused == refusal::failed_unknown);
  pass(2s);
  CHECK(opened.empty());
  CHECK(cases().empty());
}

TEST_CASE_METHOD(journal_rig, "what has ended is not opened again by those who did not hear of it") {
  for (const auto end : {state::declined, state::reversed, state::cancelled}) {
    const auto id = static_cast<transaction_id>(end);
    intend(id, support::purchase("000000" + std::to_string(10 + id)));
    close(id, end);
    undo(id, "undelivered");
    CHECK(opened.empty());
  }
  CHECK(cases().empty());
}

TEST_CASE_METHOD(journal_rig,
                 "who asks for the reversal of what is reversed, and has not heard of that, hears it then") {
  intend(1, purchase_of(1), {actors::delivery::idempotent, "txn_1", {}, {}});
  approve(1);
  CHECK(undo(1, "undelivered")->done);
  close(1, state::reversed);
  undone.clear();
  opened.clear();
  CHECK(undo(1, "undelivered")->done);
  CHECK(undone == std::vector<std::string>{"txn_1 reversed"});
  CHECK(opened.empty());
}

TEST_CASE_METHOD(journal_rig, "what is being reversed is not begun to be a second time") {
  intend(1);
  approve(1);
  CHECK(undo(1)->done);
  CHECK(undo(1)->done);
  CHECK(opened.size() == 1);
  CHECK(cases().size() == 1);
}

TEST_CASE_METHOD(journal_rig,
                 "a purchase at the host whose owner died without a word is reversed, and one that somebody "
                 "has in hand is not") {
  intend(1);
  intend(2, purchase_of(2));
  const actors::in_hand owner((*pages).find(2)->hands);
  pass(1h);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].id == 1);
  CHECK(opened[0].why == "failed_unknown");
}

TEST_CASE_METHOD(journal_rig,
                 "an approval whose bearer died without a word is reversed, and one that somebody has in "
                 "hand is not, however long") {
  intend(1);
  approve(1);
  intend(2, purchase_of(2));
  approve(2);
  const actors::in_hand bearer((*pages).find(2)->hands);
  pass(1h);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].id == 1);
  CHECK(opened[0].why == "undelivered");
  CHECK((*pages).find(1)->hands->revoked);
  CHECK_FALSE(bearer.revoked());
}

TEST_CASE_METHOD(journal_rig, "an approval that may be fetched again is the registry's to wait for") {
  intend(1, purchase_of(1), {actors::delivery::idempotent, "txn_1", "key", "digest"});
  approve(1);
  pass(1h);
  CHECK(opened.empty());
}

TEST_CASE_METHOD(journal_rig,
                 "a client's own reversal of what is being told makes one reversal, and waits for its end") {
  intend(1);
  approve(1);
  const auto own = intend(2, reversal_to(purchase_of(1)));
  CHECK(own->joined == 1);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].why == "client_reversal");
  const auto end = await(1);
  CHECK_FALSE(end->done);
  close(1, state::reversed, "480");
  REQUIRE(end->done);
  CHECK((*end->response)[39] == "480");
  CHECK((*end->response)[37] == "000000000001");
  CHECK(await(1)->done);
}

TEST_CASE_METHOD(
  journal_rig,
  "a client's own reversal of what its client has, or of an unknown transaction, is a message of its own") {
  intend(1);
  approve(1);
  deliver(1);
  const auto own = intend(2, reversal_to(purchase_of(1)));
  CHECK(own->done);
  CHECK(own->joined == 0);
  CHECK(intend(3, reversal_to(purchase_of(7)))->joined == 0);
  CHECK(opened.empty());
}

TEST_CASE_METHOD(journal_rig, "nobody waits for the reversal of what its client has") {
  intend(1);
  approve(1);
  deliver(1);
  CHECK(await(1)->refused);
  CHECK(await(99)->refused);
}

TEST_CASE_METHOD(journal_rig, "the actor that asked for a reversal is told when the host has done it") {
  intend(1, purchase_of(1), {actors::delivery::idempotent, "txn_1", "key", "digest"});
  undo(1);
  CHECK(undone == std::vector<std::string>{"txn_1"});
  close(1, state::reversed);
  CHECK(undone == std::vector<std::string>{"txn_1", "txn_1 reversed"});
}

TEST_CASE_METHOD(
  journal_rig, "the actor that asked for a reversal is told when a late decline leaves nothing to reverse") {
  intend(1, purchase_of(1), {actors::delivery::idempotent, "txn_1", "key", "digest"});
  undo(1);
  close(1, state::declined);
  CHECK(undone == std::vector<std::string>{"txn_1", "txn_1 reversed"});
}

TEST_CASE_METHOD(
  journal_rig,
  "an approval that its client has reversed itself has ended as reversed, also after a restart") {
  const std::string code = GENERATE("000", "400", "914");
  const bool is_repeated = GENERATE(false, true);
  INFO(code << (is_repeated ? ", repeated by the gateway" : ""));
  intend(1, purchase_of(1), {actors::delivery::idempotent, "txn_1", {}, {}});
  approve(1);
  deliver(1);
  intend(2, reversal_to(purchase_of(1)));
  CHECK(pages->find(2)->original == 1);
  decision end{kind::closed, 2};
  end.outcome = state::reversed;
  if (is_repeated) {
    undo(2);
    end.code = code;
  } else {
    end.message = shared(response_to(reversal_to(purchase_of(1)), code));
  }
  note(end);
  // A host that has got the reversal once and does not know the purchase has said nothing of it.
  const bool stands = code == "914" && !is_repeated;
  CHECK(pages->find(1)->state == (stands ? state::approved : state::reversed));
  CHECK(undone == (stands ? std::vector<std::string>{} : std::vector<std::string>{"txn_1 by its client"}));
  CHECK(cases().empty());
  pass(2s);
  restart();
  CHECK(pages->find(1)->state == (stands ? state::approved : state::reversed));
  CHECK(cases().empty());
}
