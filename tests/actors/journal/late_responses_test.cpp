// Responses that answer no request in flight: which transaction they belong to, and what they change.

#include <catch2/catch.hpp>

#include "tests/actors/journal/journal_rig.hpp"

using actors::transaction_id;
using actors::lifecycle::state;
using test::journal_rig;
using test::purchase_of;
using test::response_to;
using test::reversal_to;

TEST_CASE_METHOD(journal_rig,
                 "a late answer to what is being reversed goes to its reversal, with the host's reference "
                 "for its next beginning") {
  intend(1);
  undo(1);
  hear(response_to(purchase_of(1), "000", "987654321098"));
  CHECK(late_words == std::vector<transaction_id>{1});
  CHECK(cases()[0].reference_fields[37] == "987654321098");
  hear(response_to(purchase_of(1), "116"));
  CHECK(late_words.size() == 2);
}

TEST_CASE_METHOD(journal_rig, "a late answer with another amount, or of another class, belongs to nobody") {
  intend(1);
  undo(1);
  auto wrong = response_to(purchase_of(1));
  wrong.set(4, "000000009999");
  hear(wrong);
  hear(response_to(reversal_to(purchase_of(1))));
  CHECK(late_words.empty());
  CHECK_FALSE(cases()[0].reference_fields.has(37));
}

TEST_CASE(
  "a late approval of what had ended opens it again, durably before its reversal, and is told to the "
  "operator") {
  for (const auto end : {state::declined, state::reversed, state::cancelled}) {
    journal_rig d;
    d.intend(1);
    d.close(1, end);
    d.disk().pause();
    d.hear(response_to(purchase_of(1)));
    CHECK(d.opened.empty());
    CHECK(d.log.find("the host approves what had ended") != std::string::npos);
    d.disk().release();
    d.run_until_idle();
    REQUIRE(d.opened.size() == 1);
    CHECK(d.opened[0].reference_fields[37] == "000000000001");
    CHECK(d.opened[0].why == "late_approval");
  }
}

TEST_CASE_METHOD(
  journal_rig,
  "the host's repeated approval of what has been reversed is no new purchase, another reference is") {
  intend(1);
  undo(1);
  hear(response_to(purchase_of(1), "000", "000000000001"));
  close(1, state::reversed);
  hear(response_to(purchase_of(1), "000", "000000000001"));
  CHECK(cases().empty());
  hear(response_to(purchase_of(1), "000", "000000000002"));
  CHECK(cases().size() == 1);
}

TEST_CASE_METHOD(
  journal_rig,
  "a late decline changes nothing that had ended or was approved, and of an approval the operator is told") {
  intend(1);
  close(1, state::declined);
  hear(response_to(purchase_of(1), "116"));
  intend(2);
  approve(2);
  hear(response_to(purchase_of(2), "116"));
  CHECK(cases().empty());
  CHECK(opened.empty());
  CHECK(log.find("declines what it has approved before") != std::string::npos);
  CHECK(log.find(support::test_pan) == std::string::npos);
}
