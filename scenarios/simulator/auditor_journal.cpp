// Checks the invariants of the journal: what is durable, read record by record from the disk.

#include <algorithm>

#include "actors/journal/journal_records.hpp"
#include "codec/fields.hpp"
#include "codec/privacy/masking.hpp"
#include "scenarios/simulator/auditor.hpp"
#include "scenarios/simulator/cards.hpp"

namespace simulator {

using actors::lifecycle::state;
using kind = actors::decision::kind;

namespace {

// Only the records of the oldest programs are read with a key.
const store::sealer& any_sealer() {
  static store::sealer::key key{};
  static const store::sealer made(key);
  return made;
}

}  // namespace

bool auditor::is_open(const journal_entry& k) {
  return k.state == state::intent || k.state == state::delivering || actors::lifecycle::is_open_case(k.state);
}

// M2 and M3, at every moment: if power failed now, a start would find the case.
void auditor::balance(ledger_entry& t) {
  // The gateway does not know it yet.
  if (t.comes_far_too_late)
    return;
  const auto unknown = t.held - t.approvals_read();
  if (unknown > 0 &&
      unknown > std::ranges::count_if(t.kept, [](const journal_entry* k) { return is_open(*k); }) &&
      !t.operator_decides && !may_still_read(t))
    fail("M2",
         "the bank holds the money, no client has read an approval, and no open purchase on the disk tells "
         "of it",
         &t);
}

void auditor::read(const player::memory_disk& disk) {
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
  if (what == kind::intent)
    return take_intent(r, all);
  if (what == kind::numbers || what == kind::unanswered)
    return;
  const auto found = by_id_.find(r.transaction);
  if (found == by_id_.end())
    return fail("J4", "the journal has a record of a purchase without an intent");
  auto& k = *found->second;
  take_decision(k, what, r);
  if (!is_open(k))
    std::erase(by_tid_[k.of->tid], &k);
  balance(*k.of);
}

void auditor::take_intent(const store::record& r, const store::contents& all) {
  const auto intent = actors::read_record(r, any_sealer()).what;
  auto* t = find(std::string((*intent.message)[codec::fields::amount]));
  if (!t)
    return fail("J4", "the journal has a purchase that no client has asked for");
  if (const auto card = all.cards.find(r.transaction); card != all.cards.end())
    search(card->second, "in sealed card data");
  auto& k = kept_.emplace_back();
  k.id = r.transaction;
  k.of = t;
  k.own_reversal = intent.message->mti() == "0400";
  k.intent_at = r.sequence;
  by_id_[r.transaction] = &k;
  by_tid_[t->tid].push_back(&k);
  t->kept.push_back(&k);
  return note(*t, "intent of purchase " + std::to_string(k.id) +
                    (k.own_reversal ? ", a reversal, is durable" : " is durable"));
}

void auditor::take_decision(journal_entry& k, kind what, const store::record& r) {
  switch (what) {
    case kind::intent:
    case kind::numbers:
    case kind::unanswered: return;
    case kind::approved:
      note(*k.of, "approval is durable");
      k.approved = true;
      k.state = state::delivering;
      break;
    case kind::reversal_due:
      note(*k.of, "it is durable that the reversal is due");
      k.due_at = r.sequence;
      k.due_when = now_();
      k.reversal_sent = k.reversal_sent && !k.approved && is_open(k);
      k.attempts = 0;
      if (!is_open(k))
        by_tid_[k.of->tid].push_back(&k);
      k.state = state::reversal_due;
      break;
    case kind::attempt: k.attempts = std::max(k.attempts, 1); break;
    case kind::approved_late: k.approved_late = true; break;
    case kind::parked:
      note(*k.of, "it is durable that it could not be reversed");
      k.state = state::parked;
      break;
    case kind::delivered:
      note(*k.of, "delivery is durable");
      k.state = state::approved;
      break;
    case kind::closed: {
      const auto end = actors::read_record(r, any_sealer()).what;
      // The operator's end of an open case is on the disk before the operator reads that it is done.
      if (!end.who.empty() && actors::lifecycle::is_open_case(k.state))
        k.of->operator_decides = true;
      k.state = end.outcome;
      note(*k.of, "the end of purchase " + std::to_string(k.id) +
                    " is durable: " + std::string(actors::lifecycle::to_string(k.state)));
      break;
    }
  }
}

// J5: the gateway replays the same states that the auditor has read, record by record.
void auditor::started(const actors::book& pages) {
  for (auto& k : kept_) {
    if (k.state == state::intent) {
      k.state = state::reversal_due;
      note(*k.of, "a start finds it under way");
    } else if (k.state == state::delivering) {
      k.state = state::unconfirmed;
      // The process reported "being reversed" and was killed before that was durable; an approval is kept,
      // not reversed on a guess.
      for (auto& a : k.of->requesters)
        a.knows_failure = false;
      k.of->was_unconfirmed = true;
      note(*k.of, "a start finds it unconfirmed");
    }
    if (is_open(k) && !pages.all().contains(k.id))
      return fail("J5", "a start has forgotten an open purchase", k.of);
  }
}

// S1: no card data in clear.
void auditor::search(std::string_view bytes, const char* where, bool on_disk) {
  for (const auto& s : secrets)
    if ((on_disk || !s.of_disks_alone) && bytes.find(s.text) != std::string_view::npos)
      fail("S1", std::string(s.name) + " stands in clear " + where);
}

void auditor::log_line(const std::string& line) { search(line, "in the log", false); }

}  // namespace simulator
