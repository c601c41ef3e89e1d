// Requests that move no money: while their responses are missing, one that says no time may be theirs.

#include <catch2/catch.hpp>

#include "actors/protocol/response_times.hpp"
#include "tests/actors/journal/journal_rig.hpp"

using namespace std::chrono_literals;
using actors::transaction_id;
using actors::unanswered_requests;
using test::journal_rig;
using test::purchase_of;
using test::shared;

namespace {

codec::message inquiry_of(int terminal, const std::string& stan = "000001") {
  auto m = purchase_of(terminal, stan);
  m.set(3, "310000");
  return m;
}

struct with_inquiries : journal_rig {
  void ask(transaction_id id, const codec::message& m) {
    caf::anon_send(journal, actors::request_without_money{id, shared(m), ""});
    run_until_idle();
  }
  void answered(transaction_id id) {
    caf::anon_send(journal, actors::request_is_answered{id});
    run_until_idle();
  }
  // Whether a response that says no time may be another's than that of this purchase.
  bool has_namesake(transaction_id id) {
    return pages->has_namesake(*pages->find(id), false, now(), env->local_time().time_since_epoch().count());
  }
};

}  // namespace

TEST_CASE_METHOD(with_inquiries,
                 "a purchase has a namesake where an inquiry with its TID and STAN has no response, also one "
                 "of an earlier process") {
  const bool is_killed = GENERATE(false, true);
  ask(1, inquiry_of(1));
  ask(2, inquiry_of(2, "000002"));
  auto authorization = inquiry_of(3);
  authorization.set(0, "0100");
  ask(3, authorization);
  if (is_killed)
    restart();
  intend(11, purchase_of(1));
  intend(12, purchase_of(2));
  intend(13, purchase_of(3));
  CHECK(has_namesake(11));
  CHECK_FALSE(has_namesake(12));
  CHECK_FALSE(has_namesake(13));
}

TEST_CASE_METHOD(with_inquiries,
                 "an inquiry whose response may come once more is a namesake for a minute, then its record "
                 "is deleted") {
  ask(1, inquiry_of(1));
  answered(1);
  intend(11, purchase_of(1));
  pass(actors::response_repeated_for - 2s);
  CHECK(has_namesake(11));
  pass(4s);
  CHECK_FALSE(has_namesake(11));
  for (const auto& r : disk().read().records)
    CHECK(r.transaction != 1);
}

TEST_CASE_METHOD(with_inquiries, "an inquiry that was answered just before a kill is a namesake behind it") {
  ask(1, inquiry_of(1));
  answered(1);
  restart();
  intend(11, purchase_of(1));
  CHECK(has_namesake(11));
}

TEST_CASE_METHOD(with_inquiries, "an inquiry without a response is a namesake for an hour, then deleted") {
  ask(1, inquiry_of(1));
  intend(11, purchase_of(1));
  close(11, actors::lifecycle::state::declined);
  const bool is_killed = GENERATE(false, true);
  if (is_killed)
    restart();
  pass(actors::response_owed_for - 2s);
  CHECK(has_namesake(11));
  pass(4s);
  CHECK_FALSE(has_namesake(11));
  for (const auto& r : disk().read().records)
    CHECK(r.transaction != 1);
}

TEST_CASE("of inquiries without a response so many are remembered, the youngest") {
  unanswered_requests all;
  const auto now = actors::time_point(1h);
  const auto& d = support::smart_vista();
  const auto stan = [](std::size_t i) { return std::to_string(1000000 + i).substr(1); };
  for (std::size_t i = 1; i <= unanswered_requests::count_max + 2; ++i)
    all.add({i, shared(inquiry_of(1, stan(i))), ""}, d, now, 0);
  CHECK(all.take_old(now, 0) == std::vector<transaction_id>{1, 2});
  CHECK_FALSE(all.has(purchase_of(1, stan(2)), "", d, now, 0));
  CHECK(all.has(purchase_of(1, stan(3)), "", d, now, 0));
  CHECK_FALSE(all.has(purchase_of(1, stan(3)), "another bank", d, now, 0));
  all.answered(1, now);
  all.answered(3, now);
  all.answered(3, now + 1s);
  CHECK(all.has(purchase_of(1, stan(3)), "", d, now, 0));
  CHECK(all.take_old(now + actors::response_repeated_for, 0) == std::vector<transaction_id>{3});
  CHECK_FALSE(all.has(purchase_of(1, stan(3)), "", d, now, 0));
  CHECK(all.has(purchase_of(1, stan(4)), "", d, now, 0));
}
