// The book of purchases: what each decision does to it, and what it tells.

#include <catch2/catch.hpp>

#include "actors/journal/book.hpp"
#include "actors/protocol/response_times.hpp"
#include "codec/mti.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/upstreams.hpp"

using namespace std::chrono_literals;
using actors::decision;
using actors::lifecycle::state;
using kind = decision::kind;

namespace {

actors::message_ptr shared(codec::message m) { return std::make_shared<const codec::message>(std::move(m)); }

codec::message response_to(const codec::message& request, const std::string& code = "000",
                           const std::string& reference = "000000000001") {
  auto m = request;
  m.set(0, codec::response_mti(request.mti()));
  m.set(37, reference);
  m.set(38, "ABC123");
  m.set(39, code);
  return m;
}

codec::message reversal_to(const codec::message& request) {
  auto m = request;
  m.set(0, "0400");
  return m;
}

struct pages {
  actors::book book{support::one_upstream()};
  actors::time_point now{1h};

  bool apply(const decision& d) { return book.apply(d, now, 1000); }

  const actors::transaction& begin(actors::transaction_id id,
                                   const codec::message& request = support::purchase()) {
    REQUIRE(apply({kind::intent, id, shared(request)}));
    return *book.find(id);
  }

  bool approve(actors::transaction_id id) {
    return apply({kind::approved, id, shared(response_to(*book.find(id)->request))});
  }
  bool due(actors::transaction_id id, const std::string& why = "timed_out",
           actors::message_ptr response = nullptr) {
    decision d{kind::reversal_due, id, std::move(response), {}, why};
    d.because = actors::cause_called(why);
    return apply(d);
  }
  bool attempt(actors::transaction_id id, int number = 1) {
    decision d{kind::attempt, id};
    d.attempt = number;
    return apply(d);
  }
  bool park(actors::transaction_id id) { return apply({kind::parked, id, nullptr, {}, "refused"}); }
  bool deliver(actors::transaction_id id) { return apply({kind::delivered, id}); }
  bool close(actors::transaction_id id, state outcome) {
    decision d{kind::closed, id};
    d.outcome = outcome;
    return apply(d);
  }

  // A purchase, brought into a state.
  const actors::transaction& reach(state s, actors::transaction_id id = 1,
                                   const codec::message& request = support::purchase()) {
    auto& p = begin(id, request);
    switch (s) {
      case state::delivering: approve(id); break;
      case state::unconfirmed:
        approve(id);
        book.finish_replay(now);
        break;
      case state::reversal_due: due(id); break;
      case state::parked:
        due(id);
        park(id);
        break;
      case state::approved:
        approve(id);
        deliver(id);
        break;
      case state::declined:
      case state::reversed:
      case state::cancelled: close(id, s); break;
      default: break;
    }
    REQUIRE(actors::lifecycle::to_string(p.state) == actors::lifecycle::to_string(s));
    return p;
  }
};

constexpr state known_states[]{state::intent,       state::delivering, state::unconfirmed,
                               state::reversal_due, state::parked,     state::approved,
                               state::declined,     state::reversed,   state::cancelled};

}  // namespace

TEST_CASE("another transaction with its TID and STAN that the host may still answer is a namesake") {
  pages p;
  const auto later = [](const char* time) {
    auto m = support::purchase();
    m.set(12, time);
    return m;
  };
  std::int64_t wall = 1000;
  const auto is = [&](actors::transaction_id id) { return p.book.has_namesake(id, false, p.now, wall); };
  const auto is_of_reversal = [&](actors::transaction_id id) {
    return p.book.has_namesake(id, true, p.now, wall);
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
      {state::parked, state::reversed}}},
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
      pages b;
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
  pages b;
  for (const auto what :
       {kind::approved, kind::reversal_due, kind::attempt, kind::parked, kind::delivered, kind::closed})
    CHECK_FALSE(b.apply({what, 7, shared(support::purchase())}));
  CHECK_FALSE(b.apply({kind::intent, 0, shared(support::purchase())}));
  CHECK_FALSE(b.apply({kind::intent, 7}));
  CHECK(b.book.all().empty());
}

TEST_CASE("a purchase remembers what was asked, when, what the host said and how far its reversal is") {
  pages b;
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
  pages b;
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
    pages b;
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
  pages b;
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
  pages replayed;
  replayed.book.set_adopted(5);
  replayed.begin(5);
  replayed.begin(6, support::purchase("00000006"));
  CHECK(replayed.close(5, state::approved));
  CHECK_FALSE(replayed.close(6, state::approved));
}

TEST_CASE(
  "another process begins with what was under way as due, with what was approved as unconfirmed, and the "
  "rest as it was") {
  pages b;
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

TEST_CASE("TID and STAN of what is open cannot be used again, whatever the time in it") {
  for (const auto s :
       {state::intent, state::delivering, state::unconfirmed, state::reversal_due, state::parked}) {
    INFO(actors::lifecycle::to_string(s));
    pages b;
    b.reach(s);
    auto other = support::purchase("42", "1", "000000009999");
    other.set(12, "261130080000");
    CHECK(b.book.find_stan_conflict(other, false) == b.book.find(1));
    CHECK(b.book.find_stan_conflict(support::purchase("00000043"), true) == nullptr);
    CHECK(b.book.find_stan_conflict(support::purchase("00000042", "000002"), true) == nullptr);
  }
}

TEST_CASE("TID and STAN of what is approved cannot be used again in its second, or on its day") {
  pages b;
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
    pages b;
    b.reach(s);
    CHECK_FALSE(b.book.find_stan_conflict(later, true));
  }
}

TEST_CASE("a client's own reversal does not clash with its purchase, but with another reversal of it") {
  pages b;
  b.reach(state::intent);
  CHECK_FALSE(b.book.find_stan_conflict(reversal_to(support::purchase()), true));
  b.begin(2, reversal_to(support::purchase()));
  CHECK(b.book.find_stan_conflict(reversal_to(support::purchase()), true) == b.book.find(2));
}

TEST_CASE(
  "money of a terminal must not move while other money of it is at the host, or is to be "
  "reversed") {
  pages b;
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
    pages b;
    b.reach(s);
    CHECK_FALSE(b.book.terminal_blocked("42", true, b.now));
  }
}

TEST_CASE("a late response finds its purchase by class, terminal, STAN and all that it must repeat") {
  pages b;
  const auto request = support::purchase();
  b.reach(state::reversal_due);
  CHECK(b.book.matches(response_to(request)) == std::vector{b.book.find(1)});
  for (const auto& [number, other] : std::map<int, std::string>{{4, "000000009999"},
                                                                {11, "000002"},
                                                                {12, "261123120001"},
                                                                {41, "00000043"},
                                                                {42, "000000000000999"},
                                                                {49, "840"}}) {
    INFO("field " << number);
    auto wrong = response_to(request);
    wrong.set(number, other);
    CHECK(b.book.matches(wrong).empty());
  }
  CHECK(b.book.matches(response_to(reversal_to(request))).empty());
  CHECK(b.book.matches(request).empty());
}

TEST_CASE("of two purchases that a late response could mean, it means the younger") {
  pages b;
  b.reach(state::declined, 1);
  b.reach(state::reversal_due, 2);
  CHECK(b.book.matches(response_to(support::purchase())).front() == b.book.find(2));
}

TEST_CASE(
  "a client's own reversal means its purchase by terminal, STAN, time and amount, while that is open or "
  "being told") {
  for (const auto s : known_states) {
    INFO(actors::lifecycle::to_string(s));
    pages b;
    b.reach(s);
    const bool means_it = s == state::delivering || actors::lifecycle::is_open_case(s);
    CHECK((b.book.original_of(reversal_to(support::purchase())) != nullptr) == means_it);
  }
  pages b;
  b.reach(state::reversal_due);
  CHECK(b.book.original_of(reversal_to(support::purchase("42", "1", "1000"))) == b.book.find(1));
  CHECK_FALSE(b.book.original_of(reversal_to(support::purchase("00000042", "000001", "000000009999"))));
  CHECK_FALSE(b.book.original_of(reversal_to(support::purchase("00000043"))));
  auto other_time = reversal_to(support::purchase());
  other_time.set(12, "261123120001");
  CHECK_FALSE(b.book.original_of(other_time));
}

TEST_CASE("what has ended is remembered for its time and then forgotten, what is open never is") {
  pages b;
  b.reach(state::declined, 1);
  b.reach(state::reversal_due, 2, support::purchase("00000043"));
  const auto ended = b.now;
  CHECK(b.book.forget_ended_before(ended).empty());
  CHECK(b.book.forget_ended_before(ended + 1ms) == std::vector<actors::transaction_id>{1});
  CHECK(b.book.find(1) == nullptr);
  CHECK(b.book.matches(response_to(support::purchase())).empty());
  CHECK(b.book.forget_ended_before(ended + 1000h).empty());
  CHECK(b.book.find(2));
}

TEST_CASE(
  "of ended purchases that are too many, those with a key stay on the disk for their time, and the others do "
  "not") {
  actors::book book(support::one_upstream(), 1);
  actors::time_point now{1h};
  const auto ended = [&](actors::transaction_id id, const std::string& key, state how) {
    decision d{kind::intent, id, shared(support::purchase("00000042", std::to_string(id)))};
    d.options.key = key;
    REQUIRE(book.apply(d, now, 1000));
    d = {kind::closed, id};
    d.outcome = how;
    REQUIRE(book.apply(d, now, 1000));
  };
  ended(1, "key 1", state::declined);
  ended(2, "", state::declined);
  ended(3, "key 3", state::cancelled);
  now += 1s;
  ended(4, "key 4", state::declined);
  ended(5, "key 5", state::declined);
  using ids = std::vector<actors::transaction_id>;
  CHECK_FALSE(book.on_disk_alone_until());
  CHECK(book.forget_ended_before(now - 24h, true) == ids{2, 3});
  CHECK(book.on_disk_alone_until() == now + 24h);
  CHECK(book.forgotten_early() == 4);
  for (const actors::transaction_id id : {1, 2, 3, 4})
    CHECK(book.find(id) == nullptr);
  CHECK(book.find(5));
  CHECK(book.last_id() == 5);
  CHECK(book.forget_ended_before(now - 1s, true).empty());
  CHECK(book.forget_ended_before(now, true) == ids{1});
  CHECK(book.forget_ended_before(now + 1ms, true) == ids{5, 4});
  CHECK_FALSE(book.on_disk_alone_until());
  CHECK(book.all().empty());
}

TEST_CASE("another process holds to its limit from its beginning, and deletes no key that it still needs") {
  actors::book book(support::one_upstream(), 1);
  const actors::time_point now{1h};
  for (actors::transaction_id id = 1; id <= 5; ++id) {
    decision d{kind::intent, id, shared(support::purchase("00000042", std::to_string(id)))};
    d.options.key = id == 1 ? "" : "key";
    REQUIRE(book.apply(d, now, 1000));
  }
  // The youngest one ends first.
  for (const actors::transaction_id id : {5, 1, 2, 3}) {
    decision d{kind::closed, id};
    d.outcome = state::declined;
    REQUIRE(book.apply(d, now, 1000));
  }
  book.finish_replay(now);
  CHECK(book.all().size() == 2);
  CHECK(book.find(3));
  CHECK(book.find(4)->state == state::reversal_due);
  CHECK(book.last_id() == 5);
  CHECK(book.on_disk_alone_until() == now + 24h);
  CHECK(book.forget_ended_before(now - 24h, true) == std::vector<actors::transaction_id>{1});
}

TEST_CASE("what is to be deleted from the disk is deleted some at a time") {
  actors::book book(support::one_upstream());
  const actors::time_point now{1h};
  for (actors::transaction_id id = 1; id <= actors::book::deleted_max + 1; ++id) {
    REQUIRE(
      book.apply({kind::intent, id, shared(support::purchase("00000042", std::to_string(id)))}, now, 1000));
    decision d{kind::closed, id};
    d.outcome = state::declined;
    REQUIRE(book.apply(d, now, 1000));
  }
  CHECK(book.forget_ended_before(now + 1ms, true).size() == actors::book::deleted_max);
  CHECK(book.all().empty());
  CHECK(book.forget_ended_before(now + 1ms, true) ==
        std::vector<actors::transaction_id>{actors::book::deleted_max + 1});
  CHECK(book.forget_ended_before(now + 1ms, true).empty());
}

TEST_CASE("what was opened again by a late approval is not forgotten with its first end") {
  pages b;
  b.reach(state::declined);
  b.now += 1h;
  b.due(1, "late_approval");
  CHECK(b.book.forget_ended_before(b.now).empty());
  b.now += 1h;
  b.close(1, state::reversed);
  CHECK(b.book.forget_ended_before(b.now).empty());
  CHECK(b.book.forget_ended_before(b.now + 1ms).size() == 1);
}

TEST_CASE("a purchase under way that nobody has in hand any more is abandoned") {
  pages b;
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
  pages b;
  REQUIRE(b.apply(
    {kind::intent, 1, shared(support::purchase()), {actors::delivery::idempotent, "txn_1", "k", "d"}}));
  CHECK(b.book.abandoned().size() == 1);
  b.approve(1);
  CHECK(b.book.abandoned().empty());
}

TEST_CASE(
  "a reversal that was sent and stayed unanswered may have worked, until the purchase is to be reversed "
  "anew") {
  pages b;
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
  pages b;
  auto& p = b.begin(1, reversal_to(support::purchase()));
  decision sent{kind::attempt, 1};
  sent.attempt_is = decision::attempt_state::sent;
  CHECK(b.apply(sent));
  CHECK(p.state == state::intent);
  const bool answered = GENERATE(false, true);
  b.due(1, answered ? "undetermined" : "timed_out");
  CHECK(p.attempt_lost == !answered);
}

TEST_CASE(
  "what was ever sent stands in the way of the same terminal, STAN and second, whatever became of it") {
  pages b;
  const auto s = GENERATE(state::declined, state::reversed, state::approved, state::intent);
  b.reach(s);
  CHECK(b.book.find_stan_conflict(support::purchase(), false));
}

TEST_CASE("what was never sent stands in nobody's way") {
  pages b;
  b.reach(state::cancelled);
  CHECK_FALSE(b.book.find_stan_conflict(support::purchase(), false));
}

TEST_CASE("a response belongs to a transaction of the host that sent it, and to no other") {
  config::upstream_settings named;
  named.name = "acquirer";
  actors::book pages(
    actors::upstreams({support::one_upstream().all().front(), support::one_upstream(named).all().front()}));
  decision d{kind::intent, 1, shared(support::purchase())};
  d.upstream = "acquirer";
  REQUIRE(pages.apply(d, actors::time_point(1h), 1000));
  const auto response = response_to(support::purchase());
  CHECK(pages.matches(response, "acquirer") == std::vector{pages.find(1)});
  CHECK(pages.matches(response).empty());
  d.id = 2;
  d.upstream = "nobody";
  CHECK_FALSE(pages.apply(d, actors::time_point(1h), 1000));
}
