// Checks the invariants of the wire, the bank and the clients; auditor_journal.cpp checks those of the
// journal.

#include "scenarios/simulator/auditor.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <numeric>

#include "actors/core/timeouts.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/privacy/masking.hpp"
#include "scenarios/simulator/cards.hpp"

namespace simulator {

using actors::lifecycle::state;
using kind = actors::decision::kind;

namespace {

std::string name_of(state s) { return std::string(actors::lifecycle::to_string(s)); }

// To a client any code but these says that its reversal is not done.
own_reversal::response read_of(const codec::message& m, const codec::dialect& d) {
  using enum own_reversal::response;
  using codec::reversal_reply;
  const auto reply = codec::reversal_reply_of(m, d, codec::earlier_attempt::none);
  const bool is_repeat =
    d.reversal.duplicate.contains(codec::without_leading_zeros(m[codec::fields::response_code]));
  return reply == reversal_reply::done                     ? done
         : reply == reversal_reply::not_found || is_repeat ? unclear
                                                           : refused;
}

std::string code_of(const codec::message& m) { return m.has(39) ? std::string(m[39]) : "none"; }

bool same(const codec::message& m, int field, const std::string& value) {
  return codec::without_leading_zeros(m[field]) == codec::without_leading_zeros(value);
}

}  // namespace

bool auditor::has_namesake(const ledger_entry& t) const {
  return std::ranges::any_of(entries_, [&t](const ledger_entry& other) {
    return &other != &t && other.tid == t.tid && other.stan == t.stan;
  });
}

void auditor::fail(const char* invariant, std::string what, const ledger_entry* about) {
  if (!found_)
    found_ = violation{invariant, std::move(what), about};
}

// --- the wire ------------------------------------------------------------------

void auditor::on_wire(const codec::message& m) {
  if ((m.mti() != "0200" && m.mti() != "0400") || is_balance_inquiry(m))
    return;
  auto* t = find(m[4]);
  if (!t)
    return fail("M5", "a message to the host has an amount that no client has asked for");
  amount_on_wire(*t, m);
  if (!same(m, 41, t->tid) || !same(m, 11, t->stan) || m[12] != t->time)
    return fail(
      "M6", std::string(m.mti()) + " has the amount of a purchase, but another terminal, STAN or time", t);
  if (m.mti() == "0200")
    purchase_on_wire(*t, m);
  else
    reversal_on_wire(*t, m);
}

void auditor::purchase_on_wire(ledger_entry& t, const codec::message& m) {
  note(t, "0200 to the host");
  t.last_sent = now_();
  // What its client has reversed before was nothing.
  t.not_done_unheard = false;
  for (auto& r : t.own_reversals)
    if (r.read == own_reversal::response::done)
      r.read = own_reversal::response::unclear;
  if (++t.sent > t.asked_times)
    return fail("M5", "0200 is sent more often than it was asked for", &t);
  const auto next = std::find_if(t.kept.rbegin(), t.kept.rend(),
                                 [](const journal_entry* k) { return !k->own_reversal && !k->sent; });
  if (next == t.kept.rend()) {
    const bool any = std::ranges::any_of(t.kept, [](const journal_entry* k) { return !k->own_reversal; });
    return any ? fail("M5", "0200 is sent a second time", &t)
               : fail("J1", "0200 is sent before its intent is durable", &t);
  }
  auto& k = **next;
  k.sent = true;
  // A 0200 may leave at the same instant at which its transaction's state changes.
  if (k.state != state::intent && k.due_when != now_())
    return fail("M5", "0200 is sent though its purchase is " + name_of(k.state), &t);
  turn_of(k);
  one_at_a_time(t, m, false);
}

// O1. An older transaction of the terminal that is not known to have ended must have had its first reversal.
// Older by the order of records: a transaction whose intent is older than the other's reversal_due was on its
// way already.
void auditor::turn_of(const journal_entry& next) {
  for (const auto* other : by_tid_[next.of->tid]) {
    if (other == &next || other->own_reversal || other->reversal_sent || other->attempts > 0)
      continue;
    if (other->state == state::intent && other->intent_at < next.intent_at)
      return fail("O1",
                  "a purchase is sent while the end of an older one of its terminal is unknown: " +
                    std::to_string(other->of->amount) + ", " + name_of(other->state),
                  next.of);
    if (other->state == state::reversal_due && other->due_at < next.intent_at &&
        other->intent_at < next.intent_at)
      return fail("O1",
                  "a purchase is sent before the first reversal of an older one of its terminal: amount " +
                    std::to_string(other->of->amount),
                  next.of);
  }
}

void auditor::reversal_on_wire(ledger_entry& t, const codec::message& m) {
  const bool own = m[own_mark_field] == own_mark;
  note(t, own ? "0400 of the client's own to the host" : "0400 to the host");
  t.attempt_was_lost = t.attempt_was_lost || t.attempt_is_open;
  t.attempt_is_open = true;
  t.attempt_at = now_();
  one_at_a_time(t, m, own);
  if (own) {
    ++t.own_attempts;
    const auto it = std::ranges::find(t.kept, true, &journal_entry::own_reversal);
    if (it == t.kept.end())
      return fail("J1", "a client's reversal is sent before its intent is durable", &t);
    for (auto* k : t.kept)
      if (k->own_reversal)
        k->sent = k->reversal_sent = true;
    return;
  }
  bool entitled = false;
  for (auto* k : t.kept) {
    // Its outcome is unknown: there is only an intent, or a record says so; a later end on the disk does not
    // change that.
    if (k->own_reversal || (k->state != state::intent && k->state != state::reversal_due &&
                            k->state != state::parked && k->due_at == 0))
      continue;
    entitled = k->reversal_sent = true;
  }
  if (entitled)
    return;
  std::string states;
  for (const auto* k : t.kept)
    states += (states.empty() ? "" : ", ") + name_of(k->state);
  fail("J3",
       "0400 is sent, and no durable record says that it is due: " + (states.empty() ? "no record" : states),
       &t);
}

// O2, as far as it can be observed: one request unanswered at a time, on a link that has not fallen, by a
// gateway without failed parts, within the request's time.
void auditor::one_at_a_time(ledger_entry& t, const codec::message& m, bool own) {
  auto& there = at_host_[t.tid];
  const bool gives_up_early = settings_.delivery.on_client_gone == config::client_gone::immediate;
  std::erase_if(there, [&](const outstanding& o) {
    return o.sent_at <= disturbed_at_ || o.until <= now_() || (gives_up_early && o.mti == "0200") ||
           (o.mti == "0400" && o.of->reversal_answered_in_standstill);
  });
  if (!there.empty())
    return fail("O2",
                std::string(m.mti()) + " is sent while " + there.front().mti + " of STAN " +
                  there.front().stan + " is unanswered",
                &t);
  // Which timeout a client's own reversal has cannot be observed: its client's or its case's.
  if (own)
    return;
  const auto until =
    m.mti() == "0400" ? now_() + settings_.queue.short_timeout
    : settings_.upstreams.front().host_timeout != settings_.upstreams.front().host_timeout.zero()
      ? now_() + settings_.upstreams.front().host_timeout
      : t.first_asked + settings_.queue.timeout;
  there.push_back({std::string(m.mti()), t.stan, &t, until, now_()});
}

// --- the bank --------------------------------------------------------------------

void auditor::applied(ledger_entry& t) {
  note(t, "the bank takes the money");
  ++t.held;
  t.given_back.clear();
  t.was_applied = true;
  sums.approved_in_part += t.is_approved_in_part() ? 1 : 0;
  balance(t);
}

void auditor::reversed(ledger_entry& t) {
  note(t, "the bank gives the money back");
  ++sums.reversals;
  --t.held;
  money(t, "the bank gives back the money of an approval that its client has read");
}

void auditor::part_reversed(ledger_entry& t, std::uint64_t amount) {
  note(t, "the bank gives a part of the money back");
  t.given_back.push_back(amount);
  if (std::accumulate(t.given_back.begin(), t.given_back.end(), std::uint64_t{0}) >= t.approved)
    reversed(t);
}

void auditor::bank_says(ledger_entry& t, const codec::message& response) {
  const auto mti = response.mti();
  note(t, "the bank says " + std::string(mti) + ", code " + code_of(response));
  std::erase_if(at_host_[t.tid],
                [&](const outstanding& o) { return o.mti[1] == mti[1] && o.stan == t.stan; });
  if (mti == "0410" && is_suspended_)
    t.reversal_answered_in_standstill = true;
  if (mti == "0410" && response[own_mark_field] == own_mark &&
      read_of(response, dialect_) != own_reversal::response::done)
    not_done(t);
  if (mti == "0410" && is_in_time(t, response))
    t.attempt_is_open = false;
}

// The gateway waits for the response to a client's own reversal as long as its client does, for others 5 s.
bool auditor::is_in_time(const ledger_entry& t, const codec::message& response) const {
  using namespace std::chrono_literals;
  const auto host_timeout = settings_.upstreams.front().host_timeout;
  const bool is_first = response[own_mark_field] == own_mark && t.own_attempts == 1;
  const bool client_waits =
    is_first && settings_.queue.timeout > 30s && (host_timeout == host_timeout.zero() || host_timeout > 18s);
  return now_() - t.attempt_at < 4s || (client_waits && now_() - t.own_reversals.back().asked_at < 18s);
}

// A client's own reversal is not done, and the gateway knew for some seconds that its client has left.
void auditor::not_done(ledger_entry& t) const {
  static constexpr auto notice_max = std::chrono::seconds(5);
  const auto known_gone = [this](const own_reversal& r) {
    return r.part == 0 && r.gone_at != time_point() && r.gone_at + notice_max < now_() &&
           !disturbed_since(r.gone_at);
  };
  const auto may_hear = [&](const own_reversal& r) { return !known_gone(r); };
  t.not_done_unheard =
    t.not_done_unheard || (t.held > 0 && !is_suspended_ && std::ranges::any_of(t.own_reversals, known_gone) &&
                           std::ranges::none_of(t.own_reversals, may_hear));
}

// Everything under way at this moment may be lost for the gateway.
void auditor::disturbed() {
  disturbed_at_ = now_();
  for (auto& t : entries_)
    t.attempt_was_lost = t.attempt_was_lost || t.attempt_at != time_point();
}

// M1. When a client has read an approval, and the gateway could know that, the bank holds the money.
void auditor::money(ledger_entry& t, const std::string& what) {
  if (t.approvals_that_stand() > t.held && !may_fail_yet(t))
    fail("M1", what, &t);
}

// Where the client reverses it itself, or an operator does, or the operator's policy does.
bool auditor::may_fail_yet(const ledger_entry& t) const {
  return t.client_reverses() || t.operator_decides ||
         (t.was_unconfirmed && settings_.delivery.of_unconfirmed == config::unconfirmed::reverse);
}

// --- the clients -------------------------------------------------------------------

void auditor::on_approval(ledger_entry& t, requester& a, showing where, bool lasts, time_point asked_at) {
  note(t, a.delivery == actors::delivery::confirm ? "the client reads an approval that it must confirm"
                                                  : "the client reads its approval");
  if (t.approvals_read() == 0)
    ++sums.approvals;
  a.shown.push_back(std::move(where));
  if (std::ranges::none_of(t.kept, [](const journal_entry* k) { return !k->own_reversal && k->approved; }))
    fail("J2", "a client is shown an approval that is not durable", &t);
  // A client that has reversed it may still read an earlier approval. So may a client that must confirm: an
  // approval that was sent before the question and lay unread does not answer it, and its confirmation is
  // refused.
  if (lasts && a.knows_failure &&
      (a.delivery != actors::delivery::confirm || asked_at > a.knows_failure_since) && !may_fail_yet(t))
    fail("C2", "a client is shown an approval after it received a failure", &t);
  if (lasts && t.client_had_reversed(asked_at) && !t.operator_decides)
    fail("C2", "a client is shown an approval though it has reversed its purchase", &t);
  money(t, "a client reads an approval, and the bank does not hold the money");
}

void auditor::on_confirmation(ledger_entry& t, requester& a) {
  note(t, "the client reads that its word counts");
  a.confirmed = true;
  if (a.knows_failure && !may_fail_yet(t))
    fail("C2", "a client reads that its approval counts, after it received a failure", &t);
  money(t, "a client reads that its approval counts, and the bank does not hold the money");
}

void auditor::on_failure(ledger_entry& t, requester& a, bool lasts, const std::string& how) {
  note(t, "the client receives: " + how);
  if (lasts && !a.knows_failure)
    a.knows_failure_since = now_();
  a.knows_failure = a.knows_failure || lasts;
  if (lasts && a.has_approval() && !may_fail_yet(t))
    fail("C2", "a client receives \"" + how + "\" after it has read an approval", &t);
  balance(t);
}

void auditor::on_own_reversal(ledger_entry& t, own_reversal& r, const codec::message& response) {
  note(t, "the client receives the response to its own reversal: code " + code_of(response));
  r.read = read_of(response, dialect_);
  r.read_at = now_();
  refusals_read += r.read == own_reversal::response::refused ? 1 : 0;
  if (r.read == own_reversal::response::refused)
    return money(t, "a client reads that its reversal is refused, and the bank has given the money back");
  if (r.read != own_reversal::response::done)
    return;
  if (r.part != 0)
    return part_is_done(t, r);
  if (t.held > 0 && std::ranges::none_of(t.kept, [](const journal_entry* k) { return is_open(*k); }) &&
      !t.operator_decides)
    fail("M3", "a client's own reversal is reported done, and the bank holds the money", &t);
}

bool auditor::is_listed(std::uint64_t id) const {
  const auto it = by_id_.find(id);
  return it != by_id_.end() && actors::lifecycle::is_open_case(it->second->state);
}

void auditor::operator_may_decide(std::uint64_t id) {
  auto& t = *by_id_.at(id)->of;
  note(t, "an operator has a word about it");
  t.operator_decides = true;
}

// For an open case every decision of an operator is right. For any other nothing may have changed; M1 and M2
// still apply.
void auditor::operator_was_obeyed(std::uint64_t id, bool ends, bool was_listed) {
  const auto it = by_id_.find(id);
  if (it == by_id_.end())
    return fail("M7", "an operator was obeyed about case " + std::to_string(id) + ", which is none");
  auto& k = *it->second;
  auto& t = *k.of;
  note(t, ends ? "an operator has ended it otherwise" : "an operator lets it be reversed");
  if (!was_listed)
    return;
  t.operator_decides = true;
  if (!ends)
    return;
  t.may_apply_later = false;
  for (; t.held > 0; --t.held)
    note(t, "the bank's book is put right by hand");
}

// --- the end -------------------------------------------------------------------------

bool auditor::at_rest() const {
  return std::ranges::none_of(
    kept_, [](const journal_entry& k) { return is_open(k) && k.state != state::unconfirmed; });
}

std::string auditor::unrest() const {
  std::string text;
  for (const auto& k : kept_)
    if (is_open(k) && k.state != state::unconfirmed)
      text += (text.empty() ? "" : ", ") + std::to_string(k.of->amount) + " is " + name_of(k.state);
  return text;
}

void auditor::judge(const actors::book& pages) {
  for (auto& t : entries_) {
    t.comes_far_too_late = false;
    balance(t);
    money(t, "a client has read an approval, and the bank does not hold the money");
    // M2 and M4: money whose approval no client has read stands on the operator's list.
    const auto listed = std::ranges::count_if(t.kept, [&](const journal_entry* k) {
      const auto* found = pages.find(k->id);
      return found && (found->state == state::delivering || actors::lifecycle::is_open_case(found->state));
    });
    if (t.held - t.approvals_read() > listed && !t.operator_decides)
      fail("M2", "the bank holds the money, no client has read an approval, and an operator does not see it",
           &t);
    if (t.held > listed && t.client_has_reversed() && !t.operator_decides)
      fail("M3", "a client has read that its reversal is done, and the bank holds the money", &t);
    if (t.held > listed && t.not_done_unheard && !t.operator_decides)
      fail("M3",
           "a client's own reversal that the bank had not done when it had left is neither done nor listed",
           &t);
    sums.unconfirmed += static_cast<std::uint64_t>(listed);
    if (t.approvals_read() <= t.held || may_fail_yet(t))
      continue;
    for (const auto& a : t.requesters)
      if (!a.shown.empty() && !a.has_approval() && a.delivery != actors::delivery::confirm)
        ++sums.lost_acknowledgements;
  }
}

}  // namespace simulator
