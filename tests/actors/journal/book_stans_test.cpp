// TID and STAN in the book: which may not be used again, and which terminal is blocked.

#include <catch2/catch.hpp>

#include "actors/protocol/response_times.hpp"
#include "tests/actors/journal/book_rig.hpp"

using namespace std::chrono_literals;
using actors::lifecycle::state;
using test::book_rig;
using test::reversal_to;

TEST_CASE("TID and STAN of what is open cannot be used again, whatever the time in it") {
  for (const auto s :
       {state::intent, state::delivering, state::unconfirmed, state::reversal_due, state::parked}) {
    INFO(actors::lifecycle::to_string(s));
    book_rig b;
    b.reach(s);
    auto other = support::purchase("42", "1", "000000009999");
    other.set(12, "261130080000");
    CHECK(b.book.find_stan_conflict(other, false) == b.book.find(1));
    CHECK(b.book.find_stan_conflict(support::purchase("00000043"), true) == nullptr);
    CHECK(b.book.find_stan_conflict(support::purchase("00000042", "000002"), true) == nullptr);
  }
}

TEST_CASE("TID and STAN of what is approved cannot be used again in its second, or on its day") {
  book_rig b;
  b.reach(state::approved);
  auto same_day = support::purchase(), next_day = support::purchase();
  same_day.set(12, "261123120001");
  next_day.set(12, "261124120000");
  CHECK(b.book.find_stan_conflict(support::purchase(), false));
  CHECK_FALSE(b.book.find_stan_conflict(same_day, false));
  CHECK(b.book.find_stan_conflict(same_day, true));
  CHECK_FALSE(b.book.find_stan_conflict(next_day, true));
}

TEST_CASE("TID and STAN of what ended without money may be used again, in another second") {
  auto later = support::purchase();
  later.set(12, "261123120001");
  for (const auto s : {state::declined, state::reversed, state::cancelled}) {
    book_rig b;
    b.reach(s);
    CHECK_FALSE(b.book.find_stan_conflict(later, true));
  }
}

TEST_CASE(
  "what was ever sent stands in the way of the same terminal, STAN and second, whatever became of it") {
  book_rig b;
  const auto s = GENERATE(state::declined, state::reversed, state::approved, state::intent);
  b.reach(s);
  CHECK(b.book.find_stan_conflict(support::purchase(), false));
}

TEST_CASE("what was never sent stands in nobody's way") {
  book_rig b;
  b.reach(state::cancelled);
  CHECK_FALSE(b.book.find_stan_conflict(support::purchase(), false));
}

TEST_CASE("a client's own reversal does not clash with its purchase, but with another reversal of it") {
  book_rig b;
  b.reach(state::intent);
  CHECK_FALSE(b.book.find_stan_conflict(reversal_to(support::purchase()), true));
  b.begin(2, reversal_to(support::purchase()));
  CHECK(b.book.find_stan_conflict(reversal_to(support::purchase()), true) == b.book.find(2));
}

TEST_CASE(
  "money of a terminal must not move while other money of it is at the host, or is to be "
  "reversed") {
  book_rig b;
  CHECK_FALSE(b.book.terminal_blocked("42", true, b.now));
  b.begin(1);
  CHECK(b.book.terminal_blocked("42", true, b.now));
  CHECK_FALSE(b.book.terminal_blocked("42", false, b.now));
  CHECK_FALSE(b.book.terminal_blocked("43", true, b.now));
  b.due(1);
  CHECK(b.book.terminal_blocked("42", true, b.now));
  CHECK(b.book.terminal_blocked("42", false, b.now));
  // For so long, and until the first attempt is at its end.
  const auto blocked_for = [&](std::chrono::seconds time) {
    return b.book.terminal_blocked("42", false, b.now + time);
  };
  CHECK(blocked_for(1h));
  b.attempt(1);
  CHECK(blocked_for(34s));
  CHECK_FALSE(blocked_for(35s));
}

TEST_CASE("a terminal is free when its purchase is approved, at its end, or on the operator's list") {
  for (const auto s : {state::delivering, state::unconfirmed, state::parked, state::approved, state::declined,
                       state::reversed, state::cancelled}) {
    INFO(actors::lifecycle::to_string(s));
    book_rig b;
    b.reach(s);
    CHECK_FALSE(b.book.terminal_blocked("42", true, b.now));
  }
}

TEST_CASE("another transaction with its TID and STAN that the host may still answer is a namesake") {
  book_rig p;
  const auto later = [](const char* time) {
    auto m = support::purchase();
    m.set(12, time);
    return m;
  };
  std::int64_t wall = 1000;
  const auto is = [&](actors::transaction_id id) {
    return p.book.has_namesake(*p.book.find(id), false, p.now, wall);
  };
  const auto is_of_reversal = [&](actors::transaction_id id) {
    return p.book.has_namesake(*p.book.find(id), true, p.now, wall);
  };
  p.begin(1);
  CHECK_FALSE(is(1));
  // Another terminal's, or of another STAN, is none.
  p.begin(2, support::purchase("00000077", "000009"));
  CHECK_FALSE(is(1));
  p.approve(1);
  p.deliver(1);
  p.begin(3, later("261123120100"));
  CHECK(is(3));  // its response may come once more
  p.now += actors::response_repeated_for;
  CHECK_FALSE(is(3));
  CHECK_FALSE(is_of_reversal(3));
  p.due(3);
  p.begin(4, later("261123120300"));
  CHECK(is(4));
  CHECK(is_of_reversal(4));
  p.attempt(3);
  p.close(3, state::reversed);
  CHECK(is(4));
  CHECK(is_of_reversal(4));
  p.now += actors::response_repeated_for;
  CHECK(is(4));                    // the host owes its response
  CHECK_FALSE(is_of_reversal(4));  // but none to a reversal
  wall += 3600 + 600;
  CHECK_FALSE(is(4));
  wall = 900;  // the clock was set back
  CHECK(is(4));
  p.now += actors::response_owed_for;
  CHECK_FALSE(is(4));
}
