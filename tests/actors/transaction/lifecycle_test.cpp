// The table that decides about every transaction.

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>

#include "actors/transaction/lifecycle.hpp"

using namespace actors::lifecycle;

namespace {

template <class Enum>
std::vector<Enum> all_up_to(Enum last) {
  std::vector<Enum> all;
  for (int i = 0; i <= static_cast<int>(last); ++i)
    all.push_back(static_cast<Enum>(i));
  return all;
}

const auto all_states = all_up_to(state::cancelled);
const auto all_events = all_up_to(event::resolved);
const auto all_actions = all_up_to(action::stop);

std::string text_of(const row& r) {
  return std::string(r.id) + " " + std::string(to_string(r.from)) + ", " + std::string(to_string(r.on));
}

bool has(const row& r, action a) { return std::ranges::find(r.actions, a) != r.actions.end(); }

// Where `a` is among the actions of `r`; behind them all where it is not.
std::ptrdiff_t place_of(const row& r, action a) {
  return std::ranges::find(r.actions, a) - r.actions.begin();
}

// Whether there is a way from `from` to `to`, of whatever events.
bool leads_to(state from, state to) {
  std::set<state> reached{from};
  for (std::size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const auto& r : rows())
      if (reached.contains(r.from))
        reached.insert(r.to);
  }
  return reached.contains(to);
}

}  // namespace

TEST_CASE("no two rows are of one state and event, so what happens to a transaction is never a choice") {
  std::set<std::pair<state, event>> seen;
  for (const auto& r : rows()) {
    INFO(text_of(r));
    CHECK(seen.emplace(r.from, r.on).second);
    CHECK(find(r.from, r.on) == &r);
  }
}

TEST_CASE("what no row tells cannot happen") {
  std::size_t found = 0;
  for (const auto s : all_states)
    for (const auto e : all_events)
      if (find(s, e))
        ++found;
  CHECK(found == rows().size());
  CHECK(find(state::queued, event::approved) == nullptr);
  CHECK(find(state::approved, event::recorded_due) == nullptr);
  CHECK(find(state::cancelled, event::turn) == nullptr);
}

TEST_CASE("every state, event and action has a row") {
  for (const auto s : all_states) {
    INFO(to_string(s));
    CHECK(std::ranges::any_of(rows(), [s](const row& r) { return r.from == s || r.to == s; }));
  }
  for (const auto e : all_events) {
    INFO(to_string(e));
    CHECK(std::ranges::any_of(rows(), [e](const row& r) { return r.on == e; }));
  }
  for (const auto a : all_actions) {
    INFO(to_string(a));
    CHECK(std::ranges::any_of(rows(), [a](const row& r) { return has(r, a); }));
  }
}

TEST_CASE("every state that is not final has a way out, and a final state within reach") {
  for (const auto s : all_states) {
    if (is_final(s))
      continue;
    INFO(to_string(s));
    CHECK(std::ranges::any_of(rows(), [s](const row& r) { return r.from == s && r.to != s; }));
    CHECK(std::ranges::any_of(all_states, [s](state end) { return is_final(end) && leads_to(s, end); }));
  }
}

TEST_CASE("every state can be reached from the first") {
  for (const auto s : all_states) {
    INFO(to_string(s));
    CHECK(leads_to(state::queued, s));
  }
}

TEST_CASE(
  "from an end only the host's late approval leads on, and from the end that the client knows of only its "
  "own reversal") {
  for (const auto& r : rows())
    if (is_final(r.from) && r.to != r.from) {
      INFO(text_of(r));
      if (r.from == state::approved) {
        CHECK(r.on == event::recorded_reversed);
        CHECK(r.to == state::reversed);
        continue;
      }
      CHECK((r.on == event::late_approval || r.on == event::recorded_due));
      CHECK(r.to == state::reversal_due);
    }
  for (const auto s : {state::reversed, state::declined, state::cancelled})
    CHECK(has(*find(s, event::late_approval), action::reopen));
}

TEST_CASE("a request is sent when its intent is durable, and by no other row") {
  for (const auto& r : rows())
    if (has(r, action::send_request)) {
      INFO(text_of(r));
      CHECK(r.from == state::intent);
      CHECK(r.on == event::intent_durable);
      CHECK(r.to == state::at_host);
    }
}

TEST_CASE("no client hears of an approval before it is durable") {
  const auto* approval = find(state::at_host, event::approved);
  REQUIRE(approval);
  CHECK(approval->actions == std::vector{action::commit_approval});
  // Every other answer from `at_host` is no approval; from then on the approval is durable.
  for (const auto& r : rows())
    if (has(r, action::answer_client)) {
      INFO(text_of(r));
      CHECK((r.from == state::at_host || r.on == event::approval_durable));
      if (r.from == state::at_host)
        CHECK((r.on == event::declined || r.on == event::undetermined || r.on == event::duplicate));
    }
}

TEST_CASE("what may be at the host and has no known outcome ends in a reversal") {
  for (const auto e :
       {event::client_gone, event::host_silent, event::host_lost, event::undetermined,
        event::approved_client_gone, event::refused_client_gone, event::reversal_undetermined}) {
    const auto* r = find(state::at_host, e);
    INFO(to_string(e));
    REQUIRE(r);
    CHECK(has(*r, action::request_reversal));
    CHECK(r->to == state::reversal_due);
  }
  for (const auto& r : rows())
    if (holds_turn(r.from)) {
      INFO(text_of(r));
      CHECK(has(r, action::request_reversal) == (r.to == state::reversal_due && r.from != state::intent));
    }
}

TEST_CASE("a reversal is sent only by what is due or parked") {
  for (const auto& r : rows())
    if (has(r, action::send_reversal)) {
      INFO(text_of(r));
      CHECK((r.from == state::reversal_due || r.from == state::parked));
      CHECK((r.to == state::reversal_sent || r.to == state::retry_sent));
    }
}

TEST_CASE("an attempt at what is parked leads back to the list, unless the host has reversed it") {
  for (const auto& r : rows())
    if (r.from == state::retry_sent) {
      INFO(text_of(r));
      CHECK((r.to == state::parked || r.to == state::reversed || r.to == state::awaiting_recheck));
      CHECK_FALSE(has(r, action::park));
    }
}

TEST_CASE("a client gets one end at the most in every step, and every end of what was asked is told") {
  for (const auto& r : rows()) {
    INFO(text_of(r));
    const auto told = std::ranges::count(r.actions, action::answer_client) +
                      std::ranges::count(r.actions, action::refuse_client) +
                      std::ranges::count(r.actions, action::close_then_answer) +
                      std::ranges::count(r.actions, action::await_reversal);
    CHECK(told <= 1);
    const auto client_waits = [](state s) { return s == state::queued || holds_turn(s); };
    const bool is_queues = r.on <= event::approval_refused;
    if (is_queues && client_waits(r.from))
      CHECK(told == (client_waits(r.to) ? 0 : 1));
  }
}

TEST_CASE("every end of what the journal has is written into it, behind what the client is told") {
  for (const auto& r : rows()) {
    const bool is_actors = r.on <= event::approval_refused || r.on >= event::attempt_granted;
    if (!is_final(r.to) || !is_actors || r.from == state::queued)
      continue;
    INFO(text_of(r));
    // What an operator resolves is in the journal already; what the journal has not taken is not.
    const bool is_known = r.on != event::resolved && r.on != event::intent_refused && r.on != event::joined;
    CHECK((has(r, action::close) || has(r, action::close_then_answer)) == is_known);
    if (has(r, action::answer_client))
      CHECK(place_of(r, action::answer_client) < place_of(r, action::close));
  }
}

TEST_CASE("open cases are the states in which the host may hold money that no client knows of") {
  const std::set open{state::unconfirmed, state::reversal_due,     state::reversal_sent,
                      state::parked,      state::awaiting_recheck, state::retry_sent};
  for (const auto s : all_states) {
    INFO(to_string(s));
    CHECK(is_open_case(s) == open.contains(s));
    CHECK_FALSE((is_open_case(s) && is_final(s)));
  }
}

TEST_CASE("states, events and actions have names of their own, and a state is found by its name") {
  std::set<std::string_view> names;
  for (const auto s : all_states) {
    CHECK(names.insert(to_string(s)).second);
    CHECK(state_of(to_string(s)) == s);
  }
  CHECK_FALSE(state_of("nonsense"));
  CHECK_FALSE(state_of(""));
  names.clear();
  for (const auto e : all_events)
    CHECK(names.insert(to_string(e)).second);
  names.clear();
  for (const auto a : all_actions)
    CHECK(names.insert(to_string(a)).second);
}

TEST_CASE("a row counts as reached when it was stepped, not when it was looked at") {
  const auto* r = find(state::queued, event::turn);
  const bool before = was_reached(*r);
  find(state::queued, event::turn);
  CHECK(was_reached(*r) == before);
  CHECK(step(state::queued, event::turn) == r);
  CHECK(was_reached(*r));
  CHECK(step(state::cancelled, event::turn) == nullptr);
}
