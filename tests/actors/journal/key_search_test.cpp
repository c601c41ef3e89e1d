// Purchases that are found by their Idempotency-Key, in memory or on the disk.

#include <catch2/catch.hpp>

#include "tests/actors/journal/journal_rig.hpp"

using namespace std::chrono_literals;
using actors::decision;
using actors::transaction_id;
using actors::lifecycle::state;
using test::journal_rig;
using test::purchase_of;
using kind = decision::kind;

TEST_CASE(
  "a purchase with a key that memory has no room for is found on the disk for a day after its end, over a "
  "restart too, and one without is not") {
  journal_rig d({}, 1);
  const auto ended = [&d](transaction_id id, const std::string& key) {
    d.intend(id, purchase_of(static_cast<int>(id)),
             {actors::delivery::idempotent, "txn_" + std::to_string(id), key, "digest"});
    d.close(id, state::declined);
  };
  ended(1, "key 1");
  ended(2, "");
  ended(3, "key 3");
  CHECK(d.state_under("key 1") == "1 declined");
  d.pass(3s);
  CHECK(d.pages->all().size() == 1);
  CHECK(d.records() == 4);
  CHECK(d.state_under("key 1") == "1 declined");
  CHECK((*d.look("key 1"))->what->options.digest == "digest");
  CHECK(d.state_under("key 3") == "3 declined");
  CHECK(d.state_under("none") == "none");
  d.restart();
  CHECK(d.pages->all().size() == 1);
  CHECK(d.state_under("key 1") == "1 declined");
  d.pass(23h);
  CHECK(d.state_under("key 1") == "1 declined");
  CHECK(d.records() == 4);
  d.pass(1h + 3s);
  CHECK(d.state_under("key 1") == "none");
  CHECK(d.records() == 0);
}

TEST_CASE_METHOD(journal_rig,
                 "a purchase that is open is found by its key as it stands now, and not as the disk has it") {
  intend(1, purchase_of(1), {actors::delivery::idempotent, "txn_1", "key", "digest"});
  undo(1);
  disk().pause();
  note({kind::parked, 1, nullptr, {}, "refused"});
  const auto found = look("key");
  CHECK_FALSE(*found);
  disk().release();
  run_until_idle();
  REQUIRE(*found);
  CHECK((*found)->what->state == state::parked);
}

TEST_CASE("a purchase that memory has dropped before its end was on the disk is found with its end") {
  journal_rig d({}, 0);
  d.intend(1, purchase_of(1), {actors::delivery::idempotent, "txn_1", "key", "digest"});
  d.disk().pause();
  d.close(1, state::declined);
  d.pass(1s);
  REQUIRE(d.pages->all().empty());
  const auto found = d.look("key");
  d.disk().release();
  d.run_until_idle();
  REQUIRE(*found);
  REQUIRE((*found)->what);
  CHECK((*found)->what->state == state::declined);
}
