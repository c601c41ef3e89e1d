// The table that decides about every purchase.

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "actors/transaction/lifecycle.hpp"

using namespace actors::lifecycle;

namespace {

std::vector<state> all_states() {
  std::vector<state> all;
  for (int i = 0; i <= static_cast<int>(state::cancelled); ++i)
    all.push_back(static_cast<state>(i));
  return all;
}

std::vector<event> all_events() {
  std::vector<event> all;
  for (int i = 0; i <= static_cast<int>(event::resolved); ++i)
    all.push_back(static_cast<event>(i));
  return all;
}

std::string told(const way& w) {
  return std::string(w.id) + " " + std::string(to_string(w.from)) + ", " + std::string(to_string(w.on));
}

bool has(const way& w, action a) { return std::ranges::find(w.actions, a) != w.actions.end(); }

// Whether there is a way from `from` to `to`, of whatever events.
bool leads_to(state from, state to) {
  std::set<state> reached{from};
  for (std::size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const auto& w : ways())
      if (reached.contains(w.from))
        reached.insert(w.to);
  }
  return reached.contains(to);
}

}  // namespace

TEST_CASE("no two rows are of one state and event, so what happens to a purchase is never a choice") {
  std::set<std::pair<state, event>> seen;
  for (const auto& w : ways()) {
    INFO(told(w));
    CHECK(seen.emplace(w.from, w.on).second);
    CHECK(find(w.from, w.on) == &w);
  }
}

TEST_CASE("what no row tells cannot happen") {
  std::size_t found = 0;
  for (const auto s : all_states())
    for (const auto e : all_events())
      if (find(s, e))
        ++found;
  CHECK(found == ways().size());
  CHECK(find(state::queued, event::approved) == nullptr);
  CHECK(find(state::sent, event::unsent_end) == nullptr);
  CHECK(find(state::approved, event::undone) == nullptr);
}

TEST_CASE("every state that is not final has a way out, and a final state within reach") {
  for (const auto s : all_states()) {
    if (is_final(s))
      continue;
    INFO(to_string(s));
    CHECK(std::ranges::any_of(ways(), [s](const way& w) { return w.from == s && w.to != s; }));
    CHECK(std::ranges::any_of(all_states(), [s](state end) { return is_final(end) && leads_to(s, end); }));
  }
}

TEST_CASE("every state can be reached from the first, but that of an earlier process") {
  for (const auto s : all_states())
    if (s != state::unconfirmed) {
      INFO(to_string(s));
      CHECK(leads_to(state::queued, s));
    }
}

TEST_CASE(
  "from an end only the host's late approval leads on, and from the end that the client knows of nothing "
  "does") {
  for (const auto& w : ways())
    if (is_final(w.from)) {
      INFO(told(w));
      CHECK(w.on == event::late_approval);
      CHECK(w.from != state::approved);
      CHECK(has(w, action::alarm));
      CHECK(has(w, action::keep_due));
    }
  for (const auto s : {state::reversed, state::declined, state::cancelled})
    CHECK(find(s, event::late_approval) != nullptr);
}

TEST_CASE("a purchase is written when its intent is durable, and by no other row") {
  for (const auto& w : ways())
    if (has(w, action::write_request)) {
      INFO(told(w));
      CHECK(w.from == state::intent);
      CHECK(w.on == event::intent_durable);
    }
}

TEST_CASE("no client hears of an approval before it is durable") {
  const auto* approval = find(state::sent, event::approved);
  REQUIRE(approval);
  CHECK(approval->actions == std::vector{action::keep_approval});
  // Every other answer from `sent` is no approval; from then on the approval is durable.
  for (const auto& w : ways())
    if (has(w, action::answer_client)) {
      INFO(told(w));
      CHECK((w.from == state::sent || w.on == event::approval_durable || w.from == state::unconfirmed));
      CHECK_FALSE(has(w, action::keep_approval));
      if (w.from == state::sent)
        CHECK((w.on == event::declined || w.on == event::undetermined || w.on == event::duplicate ||
               w.on == event::confirmed));
    }
}

TEST_CASE(
  "what has a durable approval is due only behind a durable decision, everything else may ride along") {
  for (const auto& w : ways()) {
    INFO(told(w));
    const bool approval_is_durable = w.from == state::committing || w.from == state::delivering ||
                                     w.from == state::unconfirmed || is_final(w.from);
    if (w.to == state::undelivered && w.from != state::undelivered) {
      CHECK(approval_is_durable);
      CHECK(has(w, action::keep_due));
    }
    if (w.to == state::reversal_due && w.from == state::sent)
      CHECK(has(w, action::note_due));
    if (approval_is_durable)
      CHECK(w.to != state::reversal_due);
    if (has(w, action::note_due))
      CHECK_FALSE(approval_is_durable);
  }
  const auto* durable = find(state::undelivered, event::due_durable);
  REQUIRE(durable);
  CHECK(durable->to == state::reversal_due);
}

TEST_CASE("a reversal is written only by what is due or on the operator's list") {
  for (const auto& w : ways())
    if (has(w, action::write_reversal)) {
      INFO(told(w));
      CHECK((w.from == state::reversal_due || w.from == state::parked));
      CHECK(w.to == state::reversal_sent);
    }
}

TEST_CASE(
  "whoever waits for a turn gets it from every end of what was at the host, once, and reversals before "
  "purchases") {
  for (const auto& w : ways()) {
    INFO(told(w));
    const auto passes = std::ranges::count(w.actions, action::pass_turn) +
                        std::ranges::count(w.actions, action::pass_turn_to_reversal);
    const bool held_before = w.from == state::intent || w.from == state::ready || w.from == state::sent ||
                             w.from == state::committing;
    const bool held_after =
      w.to == state::intent || w.to == state::ready || w.to == state::sent || w.to == state::committing;
    if (held_before)
      CHECK(passes == (held_after ? 0 : 1));
    if (held_before && (w.to == state::reversal_due || w.to == state::undelivered))
      CHECK(has(w, action::pass_turn_to_reversal));
  }
}

TEST_CASE("a client gets one end at the most in every step, and every end of what was asked is told") {
  for (const auto& w : ways()) {
    INFO(told(w));
    const auto told_client = std::ranges::count(w.actions, action::answer_client) +
                             std::ranges::count(w.actions, action::refuse_client);
    CHECK(told_client <= 1);
    const bool waits_before = w.from <= state::committing, waits_after = w.to <= state::committing;
    if (waits_before)
      CHECK(told_client == (waits_after ? 0 : 1));
  }
}

TEST_CASE("every end of what the journal has is written into it") {
  for (const auto& w : ways())
    if (is_final(w.to) && w.from != state::queued) {
      INFO(told(w));
      CHECK((has(w, action::close) || has(w, action::close_durably)));
    }
}

TEST_CASE("open cases are the states in which the host may hold money that no client knows of") {
  for (const auto s : all_states()) {
    INFO(to_string(s));
    const bool may_be_unknown = s == state::unconfirmed || s == state::undelivered ||
                                s == state::reversal_due || s == state::reversal_sent ||
                                s == state::awaiting_recheck || s == state::parked;
    CHECK(is_open_case(s) == may_be_unknown);
    CHECK_FALSE((is_open_case(s) && is_final(s)));
  }
}

TEST_CASE("states and events have names of their own, and a state is found by its name") {
  std::set<std::string_view> names;
  for (const auto s : all_states()) {
    CHECK(names.insert(to_string(s)).second);
    CHECK(state_of(to_string(s)) == s);
  }
  CHECK_FALSE(state_of("nonsense"));
  CHECK_FALSE(state_of(""));
  names.clear();
  for (const auto e : all_events())
    CHECK(names.insert(to_string(e)).second);
}

TEST_CASE("lives of purchases, from the first state to an end, walk every row of the table") {
  using enum event;
  struct life {
    state from;
    std::vector<event> what;
    state to;
  };
  // Up to the host's word, and up to the client's.
  const std::vector<event> to_host{turn, intent_durable, written},
    to_client{turn, intent_durable, written, event::approved, approval_durable};
  const auto and_then = [](std::vector<event> begin, const std::vector<event>& rest) {
    begin.insert(begin.end(), rest.begin(), rest.end());
    return begin;
  };
  const std::vector<life> lives{
    {state::queued, {unsent_end}, state::cancelled},
    {state::queued, {turn, unsent_end, late_approval, due_durable, attempt, confirmed}, state::reversed},
    {state::queued, {turn, intent_durable, unsent_end}, state::cancelled},
    {state::queued, and_then(to_client, {delivery_proven}), state::approved},
    {state::queued,
     and_then(to_host, {event::declined, late_approval, due_durable, attempt, unanswered, attempt,
                        system_error, attempt, confirmed}),
     state::reversed},
    {state::queued, and_then(to_host, {duplicate}), state::declined},
    {state::queued,
     and_then(to_host, {confirmed, late_approval, late_approval, due_durable, attempt, not_found}),
     state::reversed},
    {state::queued, and_then(to_host, {client_lost, late_decline}), state::declined},
    {state::queued,
     and_then(to_host, {host_silent, late_approval, attempt, late_approval, not_found_early, settled, attempt,
                        not_found}),
     state::reversed},
    {state::queued,
     and_then(to_host, {host_lost, attempt, not_found_early, late_approval, attempt, confirmed}),
     state::reversed},
    {state::queued, and_then(to_host, {approved_unheard, attempt, not_found_early, late_decline}),
     state::declined},
    {state::queued, and_then(to_host, {undetermined, attempt, refused, late_approval, attempt, confirmed}),
     state::reversed},
    {state::queued, and_then(to_host, {undetermined, exhausted, resolved}), state::reversed},
    {state::queued, and_then(to_host, {undetermined, resolved}), state::reversed},
    {state::queued, and_then(to_host, {undetermined, attempt, not_found_early, resolved}), state::reversed},
    {state::queued, and_then(to_host, {event::approved, approval_durable_unheard, due_durable}),
     state::reversal_due},
    {state::queued, and_then(to_client, {delivery_failed, due_durable}), state::reversal_due},
    {state::queued, and_then(to_client, {undone, due_durable}), state::reversal_due},
    {state::unconfirmed, {asked_again}, state::approved},
    {state::unconfirmed, {delivery_proven}, state::approved},
    {state::unconfirmed, {resolved}, state::approved},
    {state::unconfirmed, {delivery_failed, due_durable}, state::reversal_due},
    {state::unconfirmed, {undone, due_durable}, state::reversal_due},
  };
  std::set<const way*> walked;
  for (const auto& l : lives) {
    auto at = l.from;
    for (const auto e : l.what) {
      INFO(to_string(at) << ", " << to_string(e));
      const auto* w = find(at, e);
      REQUIRE(w);
      walked.insert(w);
      at = w->to;
    }
    CHECK(to_string(at) == to_string(l.to));
  }
  for (const auto& w : ways()) {
    INFO(told(w));
    CHECK(walked.contains(&w));
  }
}

TEST_CASE("the rows are those of the lifecycle's table, T03 to T31") {
  std::set<std::string_view> ids;
  for (const auto& w : ways())
    ids.insert(w.id);
  std::set<std::string> expected;
  // T01 and T02 are before there is a purchase, T07 is the queue's waiting for the link.
  for (int i = 3; i <= 31; ++i)
    if (i != 7)
      expected.insert((i < 10 ? "T0" : "T") + std::to_string(i));
  CHECK(std::set<std::string>(ids.begin(), ids.end()) == expected);
}
