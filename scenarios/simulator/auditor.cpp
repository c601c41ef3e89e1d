// The invariants.

#include "scenarios/simulator/auditor.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include "actors/patience.hpp"
#include "codec/masking.hpp"
#include "codec/pairing.hpp"
#include "codec/reversal.hpp"
#include "scenarios/simulator/cards.hpp"

namespace simulator {

using actors::lifecycle::state;
using kind = actors::decision::kind;

namespace {

constexpr std::uint64_t first_amount = 1001;

std::string name_of(state s) { return std::string(actors::lifecycle::to_string(s)); }

std::string code_of(const codec::message& m) { return m.has(39) ? std::string(m[39]) : "none"; }

bool same(const codec::message& m, int field, const std::string& value) {
  return codec::without_leading_zeros(m[field]) == codec::without_leading_zeros(value);
}

} // namespace

truth& auditor::new_purchase() {
  auto& t = truths_.emplace_back();
  t.amount = first_amount + truths_.size() - 1;
  ++sums.purchases;
  return t;
}

truth* auditor::find(std::string_view amount) {
  std::uint64_t number = 0;
  std::from_chars(amount.data(), amount.data() + amount.size(), number);
  return number < first_amount || number - first_amount >= truths_.size() ? nullptr : &truths_[number - first_amount];
}

void auditor::fail(const char* invariant, std::string what, const truth* about) {
  if (!found_)
    found_ = violation{invariant, std::move(what), about};
}

// --- the wire ------------------------------------------------------------------

void auditor::on_wire(const codec::message& m) {
  if (m.mti() != "0200" && m.mti() != "0400")
    return;
  auto* t = find(m[4]);
  if (!t)
    return fail("M5", "a message to the host has an amount that no client has asked for");
  if (!same(m, 41, t->tid) || !same(m, 11, t->stan) || m[12] != t->time)
    return fail("M6", std::string(m.mti()) + " has the amount of a purchase, but another terminal, STAN or time", t);
  if (m.mti() == "0200")
    purchase_on_wire(*t, m);
  else
    reversal_on_wire(*t, m);
}

void auditor::purchase_on_wire(truth& t, const codec::message& m) {
  note(t, "0200 to the host");
  ++t.sent;
  t.last_sent = now_();
  const auto next = std::find_if(t.kept.rbegin(), t.kept.rend(), [](const kept_purchase* k) { return !k->own_reversal && !k->sent; });
  if (next == t.kept.rend()) {
    const bool any = std::ranges::any_of(t.kept, [](const kept_purchase* k) { return !k->own_reversal; });
    return any ? fail("M5", "0200 is sent a second time", &t) : fail("J1", "0200 is sent before its intent is durable", &t);
  }
  auto& k = **next;
  k.sent = true;
  // At the very moment at which it is given up it may be on its way.
  if (k.state != state::intent && k.due_when != now_())
    return fail("M5", "0200 is sent though its purchase is " + name_of(k.state), &t);
  turn_of(k);
  one_at_a_time(t, m, false);
}

// O1. What is older on the disk and not known to have ended must have had its first reversal. In the order of the records: a
// purchase whose intent is older than the other's need for a reversal was on its way already.
void auditor::turn_of(const kept_purchase& next) {
  for (const auto* other : by_tid_[next.of->tid]) {
    if (other == &next || other->own_reversal || other->reversal_sent || other->attempts > 0)
      continue;
    if (other->state == state::intent && other->intent_at < next.intent_at)
      return fail("O1", "a purchase is sent while the end of an older one of its terminal is unknown: " + std::to_string(other->of->amount) + ", " + name_of(other->state), next.of);
    if (other->state == state::due && other->due_at < next.intent_at && other->intent_at < next.intent_at)
      return fail("O1", "a purchase is sent before the first reversal of an older one of its terminal: amount " + std::to_string(other->of->amount), next.of);
  }
}

void auditor::reversal_on_wire(truth& t, const codec::message& m) {
  const bool own = m[own_mark_field] == own_mark;
  note(t, own ? "0400 of the client's own to the host" : "0400 to the host");
  t.last_reversal = now_();
  one_at_a_time(t, m, own);
  if (own) {
    const auto it = std::ranges::find(t.kept, true, &kept_purchase::own_reversal);
    if (it == t.kept.end())
      return fail("J1", "a client's reversal is sent before its intent is durable", &t);
    for (auto* k : t.kept)
      if (k->own_reversal)
        k->sent = k->reversal_sent = true;
    return;
  }
  bool entitled = false;
  for (auto* k : t.kept) {
    if (k->own_reversal || (k->state != state::intent && k->state != state::due && k->state != state::dead))
      continue;
    entitled = k->reversal_sent = true;
  }
  if (entitled)
    return;
  std::string states;
  for (const auto* k : t.kept)
    states += (states.empty() ? "" : ", ") + name_of(k->state);
  fail("J3", "0400 is sent, and no durable record says that it is due: " + (states.empty() ? "no record" : states), &t);
}

// O2, as far as it can be seen: what is unanswered on a link that has not fallen, by a gateway no part of which has died, within its time.
void auditor::one_at_a_time(truth& t, const codec::message& m, bool own) {
  auto& there = at_host_[t.tid];
  const bool gives_up_early = settings_.on_client_gone == "immediate";
  std::erase_if(there, [&](const outstanding& o) { return o.sent_at <= disturbed_at_ || o.until <= now_() || (gives_up_early && o.of->gone); });
  if (!there.empty())
    return fail("O2", std::string(m.mti()) + " is sent while " + there.front().mti + " of STAN " + there.front().stan + " is unanswered", &t);
  // Whose a client's own reversal is, its client's or its case's, and so how long it has, cannot be seen.
  if (own)
    return;
  const auto until = m.mti() == "0400" ? now_() + settings_.queue_short_timeout
                     : settings_.host_timeout != settings_.host_timeout.zero() ? now_() + settings_.host_timeout : t.asked + settings_.queue_timeout;
  there.push_back({std::string(m.mti()), t.stan, &t, until, now_()});
}

// --- the bank --------------------------------------------------------------------

void auditor::applied(truth& t) {
  note(t, "the bank takes the money");
  if (t.applied && !t.reversed)
    fail("M1", "the bank holds the amount twice", &t);
  t.applied = true;
  t.reversed = false;
  balance(t);
}

void auditor::reversed(truth& t) {
  note(t, "the bank gives the money back");
  ++sums.reversals;
  t.reversed = true;
  if (t.settled && !may_fail_yet(t))
    fail("M1", "a purchase is reversed whose client was shown its approval", &t);
}

void auditor::bank_says(truth& t, const codec::message& response, bool own, time_point asked_at) {
  const auto mti = response.mti();
  note(t, "the bank says " + std::string(mti) + ", code " + code_of(response));
  std::erase_if(at_host_[t.tid], [&](const outstanding& o) { return o.mti[1] == mti[1] && o.stan == t.stan; });
  if (mti == "0210") {
    switch (codec::reply_of(response, dialect_)) {
      case codec::reply::approved: t.said_yes = true; break;
      case codec::reply::declined:
      case codec::reply::duplicate: t.said_no = true; break;
      case codec::reply::undetermined: break;
    }
    return;
  }
  // Which of several reversals of one purchase it answers, no field of it tells: the last, for all that the gateway can know.
  own = own || std::ranges::any_of(t.kept, [](const kept_purchase* k) { return k->own_reversal && k->sent; });
  const auto said = codec::reversal_reply_of(response, dialect_, codec::earlier_attempt::none);
  t.said_own_end = t.said_own_end || (own && said != codec::reversal_reply::system_error);
  t.said_done = t.said_done || said == codec::reversal_reply::done;
  t.said_duplicate = t.said_duplicate || same(response, 39, "913");
  const auto settles = t.last_sent + actors::settling_time;
  t.said_not_found = t.said_not_found || (said == codec::reversal_reply::not_found && (t.sent == 0 || std::max(asked_at, t.last_reversal) >= settles));
}

// An approval that was shown: its client undoes it itself, or it is the operator's policy to undo it.
bool auditor::may_fail_yet(const truth& t) const { return t.own_reversal || (t.was_unconfirmed && settings_.unconfirmed == "reverse"); }

// --- the clients -------------------------------------------------------------------

void auditor::told_yes(truth& t, bool by_key, bool stands) {
  note(t, stands ? "the client has its approval" : "the client has an approval that it must confirm");
  if (!t.shown)
    ++sums.approvals;
  t.shown = true;
  t.settled = t.settled || stands;
  if (std::ranges::none_of(t.kept, [](const kept_purchase* k) { return !k->own_reversal && k->approved; }))
    fail("J2", "a client is shown an approval that is not durable", &t);
  // Who has undone it itself may still read what was said before.
  if (by_key && t.told_no && !t.own_reversal)
    fail("C2", "a client is shown an approval of what it was told to have failed", &t);
  if (!t.held() && !t.own_reversal)
    fail("M1", "a client is shown an approval, and the bank does not hold the money", &t);
}

void auditor::told_no(truth& t, bool by_key, const std::string& how) {
  note(t, "the client is told: " + how);
  t.told_no = t.told_no || by_key;
  if (by_key && t.settled && !may_fail_yet(t))
    fail("C2", "a client is told \"" + how + "\" of what it was shown to be approved", &t);
  balance(t);
}

void auditor::own_reversal_told(truth& t, const codec::message& response) {
  note(t, "the client is told of its own reversal: code " + code_of(response));
  if (codec::reversal_reply_of(response, dialect_, codec::earlier_attempt::none) != codec::reversal_reply::done)
    return;
  t.own_reversal_done = true;
  if (t.held() && std::ranges::none_of(t.kept, [](const kept_purchase* k) { return is_open(*k); }))
    fail("M3", "a client is told that its reversal is done, and the bank holds the money", &t);
}

// --- the disk ------------------------------------------------------------------------

bool auditor::is_open(const kept_purchase& k) {
  return k.state == state::intent || k.state == state::delivering || actors::lifecycle::is_open_case(k.state);
}

// M2 and M3, at every moment: if all lights went out now, a start would find it.
void auditor::balance(truth& t) {
  if (t.held() && !t.shown && std::ranges::none_of(t.kept, [](const kept_purchase* k) { return is_open(*k); }))
    fail("M2", "the bank holds the money, no client was shown an approval, and no open purchase on the disk tells of it", &t);
}

void auditor::read(const store::memory_disk& disk) {
  const auto& all = disk.read();
  if (all.records.empty() || all.records.back().sequence <= read_to_)
    return;
  auto it = std::ranges::upper_bound(all.records, read_to_, {}, &store::record::sequence);
  for (; it != all.records.end(); ++it)
    take_record(*it, all);
  read_to_ = all.records.back().sequence;
}

void auditor::take_record(const store::record& r, const store::contents& all) {
  ++sums.records;
  search(r.content, "in a record of the journal");
  const auto what = static_cast<kind>(r.kind);
  if (what == kind::intent) {
    const auto j = nlohmann::json::parse(r.content, nullptr, false);
    const auto& fields = j.at("fields");
    auto* t = find(fields.at("4").get_ref<const std::string&>());
    if (!t)
      return fail("J4", "the journal has a purchase that no client has asked for");
    if (const auto card = all.cards.find(r.purchase); card != all.cards.end())
      search(card->second, "in sealed card data");
    auto& k = kept_.emplace_back();
    k.id = r.purchase;
    k.of = t;
    k.own_reversal = fields.at("0") == "0400";
    k.intent_at = r.sequence;
    by_id_[r.purchase] = &k;
    by_tid_[t->tid].push_back(&k);
    t->kept.push_back(&k);
    return note(*t, "intent of purchase " + std::to_string(k.id) + (k.own_reversal ? ", a reversal, is durable" : " is durable"));
  }
  const auto found = by_id_.find(r.purchase);
  if (found == by_id_.end())
    return fail("J4", "the journal has a record of a purchase without an intent");
  auto& k = *found->second;
  switch (what) {
    case kind::intent: return;
    case kind::approved:
      note(*k.of, "approval is durable");
      k.approved = true;
      k.state = state::delivering;
      if (!k.of->said_yes)
        fail("M1", "the journal has an approval that the bank has not given", k.of);
      break;
    case kind::reversal_due:
      note(*k.of, "it is durable that the reversal is due");
      k.due_at = r.sequence;
      k.due_when = now_();
      k.reversal_sent = k.reversal_sent && !k.approved && is_open(k);
      k.attempts = 0;
      if (!is_open(k))
        by_tid_[k.of->tid].push_back(&k);
      k.state = state::due;
      break;
    case kind::attempt: k.attempts = std::max(k.attempts, 1); break;
    case kind::heard: break;
    case kind::parked:
      note(*k.of, "it is durable that it could not be reversed");
      k.state = state::dead;
      break;
    case kind::delivered:
      note(*k.of, "delivery is durable");
      k.state = state::approved;
      break;
    case kind::closed: take_end(k, r.content); break;
  }
  if (!is_open(k))
    std::erase(by_tid_[k.of->tid], &k);
  balance(*k.of);
}

// M7.
void auditor::take_end(kept_purchase& k, const std::string& content) {
  const auto j = nlohmann::json::parse(content, nullptr, false);
  const auto outcome = actors::lifecycle::state_of(j.at("outcome").get<std::string>()).value_or(state::dead);
  auto& t = *k.of;
  note(t, "the end of purchase " + std::to_string(k.id) + " is durable: " + name_of(outcome));
  k.state = outcome;
  const bool answered = outcome == state::cancelled ? !k.sent
                        : k.own_reversal ? t.said_own_end || t.said_done
                        : outcome == state::declined ? t.said_no
                        : outcome == state::reversed ? t.said_done || t.said_duplicate || t.said_not_found || t.said_own_end : false;
  if (!answered)
    fail("M7", "a purchase ends as " + name_of(outcome) + ", and the bank has not said so", &t);
}

// J5: what the gateway reads is what we have read, record by record.
void auditor::started(const actors::book& pages) {
  for (auto& k : kept_) {
    if (k.state == state::intent) {
      k.state = state::due;
      note(*k.of, "a start finds it under way");
    } else if (k.state == state::delivering) {
      k.state = state::unconfirmed;
      // "It is being reversed" was the word of a process that has died before that was durable; an approval is kept, not reversed by guess.
      k.of->told_no = false;
      k.of->was_unconfirmed = true;
      note(*k.of, "a start finds it unconfirmed");
    }
    const auto it = pages.all().find(k.id);
    if (it == pages.all().end())
      return fail("J5", "a start has forgotten a purchase", k.of);
    if (it->second.state != k.state)
      return fail("J5", "a start takes for " + name_of(it->second.state) + " what is " + name_of(k.state), k.of);
  }
  if (pages.all().size() != kept_.size())
    fail("J5", "a start knows of purchases that are not on the disk");
  // Of what has left no trace on the disk nothing was sent, and a new process knows nothing: asked again under its key it is new.
  for (auto& t : truths_)
    t.told_no = t.told_no && !t.kept.empty();
}

// S1.
void auditor::search(std::string_view bytes, const char* where, bool on_disk) {
  for (const auto& s : secrets)
    if ((on_disk || !s.of_disks_alone) && bytes.find(s.text) != std::string_view::npos)
      fail("S1", std::string(s.name) + " stands in clear " + where);
}

void auditor::log_line(const std::string& line) { search(line, "in the log", false); }

// --- the end -------------------------------------------------------------------------

bool auditor::at_rest() const {
  return std::ranges::none_of(kept_, [](const kept_purchase& k) { return is_open(k) && k.state != state::unconfirmed; });
}

std::string auditor::unrest() const {
  std::string text;
  for (const auto& k : kept_)
    if (is_open(k) && k.state != state::unconfirmed)
      text += (text.empty() ? "" : ", ") + std::to_string(k.of->amount) + " is " + name_of(k.state);
  return text;
}

void auditor::judge(const actors::book& pages) {
  std::map<std::string, std::uint64_t> at_bank, in_journal;
  for (auto& t : truths_) {
    balance(t);
    if (t.settled && !t.held() && !may_fail_yet(t))
      fail("M1", "a client was shown an approval, and the bank does not hold the money", &t);
    if (t.held())
      at_bank[t.tid] += t.amount;
  }
  // M4: by the gateway's own book. What a client has undone itself stays approved there.
  for (const auto& k : kept_) {
    const auto it = pages.all().find(k.id);
    if (it == pages.all().end() || k.own_reversal)
      continue;
    const auto s = it->second.state;
    sums.unconfirmed += s == state::delivering || s == state::unconfirmed ? 1 : 0;
    if (s == state::approved || s == state::delivering || s == state::unconfirmed)
      in_journal[k.of->tid] += k.of->own_reversal && !k.of->held() ? 0 : k.of->amount;
  }
  std::erase_if(in_journal, [](const auto& entry) { return entry.second == 0; });
  if (at_bank != in_journal)
    fail("M4", "the sums of the bank and of the journal differ");
}

} // namespace simulator
