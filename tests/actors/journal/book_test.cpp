// The book of transactions: what each decision does to it, and what a replay begins with.

#include <catch2/catch.hpp>

#include "tests/actors/journal/book_rig.hpp"

using namespace std::chrono_literals;
using actors::decision;
using actors::lifecycle::state;
using test::book_rig;
using test::known_states;
using test::response_to;
using test::reversal_to;
using test::shared;
using kind = decision::kind;

TEST_CASE("every decision does its own to a purchase, and nothing to one that cannot take it") {
  struct row {
    kind what;
    state outcome;                      // of `closed`
    std::map<state, state> leads_from;  // where nothing stands here, it is refused
  };
  const std::vector<row> rows{
    {kind::intent, {}, {}},
    {kind::approved, {}, {{state::intent, state::delivering}}},
    {kind::reversal_due,
     {},
     {{state::intent, state::reversal_due},
      {state::delivering, state::reversal_due},
      {state::unconfirmed, state::reversal_due},
      {state::declined, state::reversal_due},
      {state::reversed, state::reversal_due},
      {state::cancelled, state::reversal_due}}},
    {kind::attempt,
     {},
     {{state::intent, state::reversal_due},
      {state::reversal_due, state::reversal_due},
      {state::parked, state::parked}}},
    {kind::parked,
     {},
     {{state::intent, state::parked}, {state::reversal_due, state::parked}, {state::parked, state::parked}}},
    {kind::delivered, {}, {{state::delivering, state::approved}, {state::unconfirmed, state::approved}}},
    {kind::closed,
     state::approved,
     {{state::unconfirmed, state::approved}, {state::delivering, state::approved}}},
    {kind::closed,
     state::reversed,
     {{state::intent, state::reversed},
      {state::reversal_due, state::reversed},
      {state::parked, state::reversed},
      {state::approved, state::reversed}}},
    {kind::closed,
     state::declined,
     {{state::intent, state::declined},
      {state::reversal_due, state::declined},
      {state::parked, state::declined}}},
    {kind::closed, state::cancelled, {{state::intent, state::cancelled}}},
  };
  for (const auto& r : rows)
    for (const auto from : known_states) {
      INFO("decision " << static_cast<int>(r.what) << " in " << actors::lifecycle::to_string(from));
      book_rig b;
      const auto& p = b.reach(from);
      decision d{r.what, 1,
                 r.what == kind::intent || r.what == kind::approved ? shared(support::purchase()) : nullptr};
      d.outcome = r.outcome;
      const auto leads = r.leads_from.find(from);
      CHECK(b.apply(d) == (leads != r.leads_from.end()));
      CHECK(actors::lifecycle::to_string(p.state) ==
            actors::lifecycle::to_string(leads != r.leads_from.end() ? leads->second : from));
    }
}

TEST_CASE(
  "a decision about a purchase that nobody has begun is refused, and so is an intent without a number or a "
  "message") {
  book_rig b;
  for (const auto what :
       {kind::approved, kind::reversal_due, kind::attempt, kind::parked, kind::delivered, kind::closed})
    CHECK_FALSE(b.apply({what, 7, shared(support::purchase())}));
  CHECK_FALSE(b.apply({kind::intent, 0, shared(support::purchase())}));
  CHECK_FALSE(b.apply({kind::intent, 7}));
  CHECK(b.book.all().empty());
}

TEST_CASE("a purchase remembers what was asked, when, what the host said and how far its reversal is") {
  book_rig b;
  const auto request = support::purchase();
  REQUIRE(b.apply({kind::intent, 5, shared(request), {actors::delivery::confirm, "txn_1", "key", "digest"}}));
  const auto& p = *b.book.find(5);
  CHECK(*p.request == request);
  CHECK(p.card == "485078******7891");
  CHECK(p.options.key == "key");
  CHECK(p.begun == 1000);
  b.approve(5);
  CHECK(p.reference_fields[37] == "000000000001");
  CHECK(p.reference_fields[38] == "ABC123");
  CHECK_FALSE(p.reference_fields.has(39));
  CHECK((*p.response)[39] == "000");
  b.due(5, "undelivered");
  CHECK(p.why == "undelivered");
  b.attempt(5, 3);
  CHECK(p.attempts == 3);
  decision end{kind::closed, 5};
  end.outcome = state::reversed;
  end.code = "400";
  b.apply(end);
  CHECK(p.code == "400");
  CHECK(p.reversed_reference == "000000000001");
}

TEST_CASE("the host's 'I do not know' is what its client was told, a late approval is never told") {
  book_rig b;
  b.begin(1);
  b.due(1, "undetermined", shared(response_to(support::purchase(), "912")));
  CHECK((*b.book.find(1)->response)[39] == "912");
  b.begin(2, support::purchase("00000043"));
  b.due(2, "undelivered", shared(response_to(support::purchase("00000043"))));
  CHECK(b.book.find(2)->response == nullptr);
  CHECK(b.book.find(2)->reference_fields[37] == "000000000001");
}

TEST_CASE("with the end of a purchase its card goes, and people still see which it was") {
  for (const auto end : {state::approved, state::declined, state::reversed, state::cancelled}) {
    book_rig b;
    auto request = support::purchase();
    request.set(2, support::test_pan);
    request.set(14, "251200");
    request.set(52, "0123456789abcdef");
    request.set(62, "free text");
    const auto& p = b.reach(end, 1, request);
    for (const int number : {2, 14, 35, 52, 62})
      CHECK_FALSE(p.request->has(number));
    CHECK((*p.request)[41] == "00000042");
    CHECK((*p.request)[4] == "000000001000");
    CHECK(p.card == "485078******7891");
    CHECK_FALSE((p.response && p.response->has(35)));
  }
}

TEST_CASE(
  "what an adopted journal had under way is unconfirmed, what is newer is reversed, and what was decided "
  "stays decided") {
  book_rig b;
  b.begin(1, support::purchase("00000001"));
  b.reach(state::delivering, 2, support::purchase("00000002"));
  b.reach(state::reversal_due, 3, support::purchase("00000003"));
  b.reach(state::approved, 4, support::purchase("00000004"));
  auto own_reversal = support::purchase("00000005");
  own_reversal.set(0, "0400");
  b.begin(5, own_reversal);
  b.begin(6, support::purchase("00000006"));
  b.reach(state::delivering, 7, support::purchase("00000007"));
  b.book.set_adopted(5);
  b.book.finish_replay(b.now);
  const auto is = [&](actors::transaction_id id, state s, bool adopted) {
    INFO(id);
    CHECK(b.book.find(id)->state == s);
    CHECK(b.book.is_operators(*b.book.find(id)) == adopted);
  };
  is(1, state::unconfirmed, true);
  CHECK(b.book.find(1)->why == "from a journal that was adopted");
  is(2, state::unconfirmed, true);
  is(3, state::reversal_due, false);
  is(4, state::approved, false);
  is(5, state::reversal_due, false);
  is(6, state::reversal_due, false);
  is(7, state::unconfirmed, false);
  CHECK_FALSE(b.book.terminal_blocked("00000001", true, b.now));
  // An operator ends them, either way.
  CHECK(b.due(1));
  CHECK(b.close(2, state::approved));
  // So a replay finds it.
  book_rig replayed;
  replayed.book.set_adopted(5);
  replayed.begin(5);
  replayed.begin(6, support::purchase("00000006"));
  CHECK(replayed.close(5, state::approved));
  CHECK_FALSE(replayed.close(6, state::approved));
}

TEST_CASE(
  "another process begins with what was under way as due, with what was approved as unconfirmed, and the "
  "rest as it was") {
  book_rig b;
  std::vector<actors::transaction_id> ids;
  for (const auto s : known_states)
    if (s != state::unconfirmed) {
      const auto id = ids.size() + 1;
      b.reach(s, id, support::purchase("0000000" + std::to_string(id)));
      ids.push_back(id);
    }
  b.book.finish_replay(b.now);
  const auto is = [&](actors::transaction_id id) { return b.book.find(id)->state; };
  CHECK(is(1) == state::reversal_due);
  CHECK(b.book.find(1)->why == "interrupted");
  CHECK(is(2) == state::unconfirmed);
  CHECK(is(3) == state::reversal_due);
  CHECK(b.book.find(3)->why == "timed_out");
  CHECK(is(4) == state::parked);
  CHECK(is(5) == state::approved);
  CHECK(is(6) == state::declined);
  CHECK(is(7) == state::reversed);
  CHECK(is(8) == state::cancelled);
  for (const auto id : ids)
    CHECK(b.book.find(id)->late_arrival_until == b.now + 60s);
  const auto cases = b.book.cases();
  REQUIRE(cases.size() == 4);
  CHECK(cases[0].id == 1);
  CHECK(cases[3].id == 4);
  CHECK(b.book.open_count() == 4);
  CHECK(b.book.last_id() == 8);
}

TEST_CASE("a purchase under way that nobody has in hand any more is abandoned") {
  book_rig b;
  b.reach(state::intent, 1);
  b.reach(state::delivering, 2, support::purchase("00000043"));
  b.reach(state::reversal_due, 3, support::purchase("00000044"));
  CHECK(b.book.abandoned() == std::set<actors::transaction_id>{1, 2});
  {
    const actors::in_hand queue(b.book.find(1)->hands);
    auto session = std::make_optional<actors::in_hand>(b.book.find(2)->hands);
    const auto message = *session;
    CHECK(b.book.abandoned().empty());
    session.reset();
    CHECK(b.book.abandoned().empty());
  }
  CHECK(b.book.abandoned() == std::set<actors::transaction_id>{1, 2});
}

TEST_CASE("an approval that its client may fetch is not abandoned, for somebody waits for the client") {
  book_rig b;
  REQUIRE(b.apply(
    {kind::intent, 1, shared(support::purchase()), {actors::delivery::idempotent, "txn_1", "k", "d"}}));
  CHECK(b.book.abandoned().size() == 1);
  b.approve(1);
  CHECK(b.book.abandoned().empty());
}

TEST_CASE(
  "a reversal that was sent and stayed unanswered may have worked, until the purchase is to be reversed "
  "anew") {
  book_rig b;
  const auto attempt_is = [&b](decision::attempt_state is) {
    decision d{kind::attempt, 1};
    d.attempt = 1;
    d.attempt_is = is;
    return b.apply(d);
  };
  auto& p = b.reach(state::reversal_due);
  CHECK(attempt_is(decision::attempt_state::sent));
  CHECK((p.attempt_under_way && !p.attempt_lost && p.attempts == 0));
  SECTION("answered") {
    CHECK(attempt_is(decision::attempt_state::answered));
    CHECK((!p.attempt_under_way && !p.attempt_lost && p.attempts == 1));
  }
  SECTION("not answered") {
    CHECK(attempt_is(decision::attempt_state::lost));
    CHECK((!p.attempt_under_way && p.attempt_lost));
    b.close(1, state::reversed);
    b.due(1, "late_approval");
    CHECK_FALSE(p.attempt_lost);
  }
  SECTION("the process has ended before its answer") {
    b.book.finish_replay(b.now);
    CHECK((!p.attempt_under_way && p.attempt_lost));
  }
}

TEST_CASE("a client's own reversal that stayed unanswered may have worked") {
  book_rig b;
  auto& p = b.begin(1, reversal_to(support::purchase()));
  decision sent{kind::attempt, 1};
  sent.attempt_is = decision::attempt_state::sent;
  CHECK(b.apply(sent));
  CHECK(p.state == state::intent);
  const auto [why, answered] =
    GENERATE(table<const char*, bool>({{"undetermined", true}, {"undelivered", true}, {"timed_out", false}}));
  b.due(1, why);
  CHECK(p.attempt_lost == !answered);
}
