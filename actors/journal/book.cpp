// The book of purchases: what the journal says, in memory.
//
// States here are those that a journal can tell: `intent` stands for everything until the host's answer is
// durable, `due` for everything until a reversal's end is.

#include "actors/journal/book.hpp"

#include <algorithm>

#include "actors/seeded_defect.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace {

using lifecycle::state;

// Why a purchase is reversed that an earlier process had under way.
constexpr const char* interrupted = "interrupted";

constexpr int amount_field = 4, transmission_time_field = 7, stan_field = 11, time_field = 12,
              reference_field = 37, approval_field = 38;

std::string trace_of(const codec::message& m) {
  return codec::terminal_of(m) + "/" + std::string(codec::without_leading_zeros(m[stan_field]));
}

void remember_reference(transaction& p, const codec::message& response) {
  for (const int number : {reference_field, approval_field})
    if (response.has(number))
      p.heard.set(number, std::string(response[number]));
}

// A client's own reversal may be repeated: it is the same one again.
bool was_sent(const transaction& p) { return p.state != state::cancelled && !codec::is_reversal(*p.request); }

// By field 12, or where neither has one by field 7. What has neither is told apart by nothing.
bool same_moment(const codec::message& a, const codec::message& b) {
  const int field = a.has(time_field) || b.has(time_field) ? time_field : transmission_time_field;
  return a[field] == b[field];
}

bool same_day(const codec::message& a, const codec::message& b) {
  constexpr std::size_t day = 6;  // YYMMDD
  return a[time_field].substr(0, day) == b[time_field].substr(0, day);
}

bool equal_digits(std::string_view a, std::string_view b) {
  return codec::without_leading_zeros(a) == codec::without_leading_zeros(b);
}

}  // namespace

transaction* book::find(transaction_id id) {
  const auto it = all_.find(id);
  return it == all_.end() ? nullptr : &it->second;
}

bool book::apply(const decision& d, time_point now, std::int64_t wall) {
  using kind = decision::kind;
  if (d.what == kind::intent) {
    if (d.id == 0 || all_.contains(d.id) || !d.message)
      return false;
    auto& p = all_[d.id];
    last_id_ = std::max(last_id_, d.id);
    p.id = d.id;
    p.request = d.message;
    p.options = d.options;
    p.begun = wall;
    p.since = now;
    p.card = codec::masked_card(*d.message);
    by_trace_[trace_of(*p.request)].push_back(p.id);
    moved(p, state::intent);
    return true;
  }
  auto* p = find(d.id);
  if (!p)
    return false;
  switch (d.what) {
    case kind::approved:
      if (p->state != state::intent)
        return false;
      p->response = kept_of(d.message);
      if (d.message)
        remember_reference(*p, *d.message);
      p->host_agreed = true;
      p->since = now;
      moved(*p, state::delivering);
      return true;
    case kind::reversal_due:
      // Whoever asks a second time for what is under way gets what is under way.
      if (p->state == state::reversal_due || p->state == state::parked || p->state == state::approved)
        return false;
      if (d.message) {
        remember_reference(*p, *d.message);
        p->host_agreed = p->host_agreed || dialect_.approves(*d.message);
        // The client was told these words. An approval that comes late is never told.
        if (d.why == undetermined)
          p->response = kept_of(d.message);
      }
      p->since = now;
      p->why = d.why;
      p->attempts = 0;
      // Of a client's own reversal, which is to be repeated, the first attempt was the client's.
      p->attempt_lost = std::exchange(p->attempt_under_way, false) && codec::is_reversal(*p->request) &&
                        d.why != undetermined;
      moved(*p, state::reversal_due);
      return true;
    case kind::attempt: return apply_attempt(*p, d);
    case kind::heard:
      mark_interrupted(*p);
      if (p->state != state::reversal_due && p->state != state::parked)
        return false;
      p->host_agreed = true;
      if (d.message)
        remember_reference(*p, *d.message);
      return true;
    case kind::parked:
      mark_interrupted(*p);
      if (p->state != state::reversal_due)
        return false;
      p->why = d.why;
      p->code = d.code;
      moved(*p, state::parked);
      return true;
    case kind::delivered:
      if (p->state != state::delivering && p->state != state::unconfirmed)
        return false;
      end(*p, state::approved, now);
      return true;
    case kind::closed:
      if (lifecycle::is_final(p->state) || (d.outcome == state::cancelled && p->state != state::intent) ||
          (d.outcome == state::approved && !may_be_unconfirmed(*p)))
        return false;
      if (d.message && !p->response && !p->options.public_id.empty())
        p->response = kept_of(d.message);
      if (d.outcome == state::reversed)
        p->reversed_reference = p->heard[reference_field];
      if (!d.why.empty())
        p->why = d.why;
      if (!d.code.empty())
        p->code = d.code;
      end(*p, d.outcome, now);
      return true;
    case kind::intent: break;
  }
  return false;
}

bool book::apply_attempt(transaction& p, const decision& d) {
  using attempt = decision::attempt_state;
  // Of a client's own reversal the first one is sent while it is under way.
  if (d.attempt_is == attempt::sent && p.state == state::intent) {
    p.attempt_under_way = true;
    return true;
  }
  mark_interrupted(p);
  if (p.state != state::reversal_due && p.state != state::parked)
    return false;
  p.attempt_under_way = d.attempt_is == attempt::sent;
  if (d.attempt_is != attempt::sent) {
    p.attempts = d.attempt;
    p.code = d.code;
    p.attempt_lost = p.attempt_lost || d.attempt_is == attempt::lost;
  }
  moved(p, p.state);
  return true;
}

// What an earlier process was delivering, or had at the host when its journal was copied, is unconfirmed
// without a record that says so.
bool book::may_be_unconfirmed(const transaction& p) const {
  return p.state == state::unconfirmed || p.state == state::delivering ||
         (p.state == state::intent && p.id <= adopted_);
}

void book::finish_replay(time_point settles) {
  for (auto& [_, p] : all_) {
    p.late_arrival_until = settles;
    p.attempt_lost = p.attempt_lost || std::exchange(p.attempt_under_way, false);
    if (p.state == state::intent && p.id <= adopted_ && !codec::is_reversal(*p.request)) {
      p.why = from_copy;
      moved(p, state::unconfirmed);
    } else if (p.state == state::intent)
      mark_interrupted(p);
    else if (p.state == state::reversal_due)
      moved(p, p.state);
    else if (p.state == state::delivering)
      moved(p, state::unconfirmed);
  }
  take_out_ended(time_point::min(), true);
}

// What an earlier process had at the host is to be reversed. That needs no record: one of an attempt says it
// as well.
void book::mark_interrupted(transaction& p) {
  if (p.state != state::intent)
    return;
  p.why = interrupted;
  moved(p, state::reversal_due);
}

const transaction* book::find_stan_conflict(const codec::message& request, bool whole_day) const {
  const auto it = by_trace_.find(trace_of(request));
  if (it == by_trace_.end())
    return nullptr;
  for (const auto id : it->second) {
    const auto& p = all_.at(id);
    // A reversal of the client's own has its purchase's TID, STAN and time; that is what it is about.
    if (codec::is_reversal(*p.request) != codec::is_reversal(request))
      continue;
    if (!lifecycle::is_final(p.state) ||
        (was_sent(p) && same_moment(*p.request, request) && !seeded(defect::sends_again_in_its_second)) ||
        (whole_day && p.state == state::approved && same_day(*p.request, request)))
      return &p;
  }
  return nullptr;
}

bool book::terminal_blocked(std::string_view tid, bool locked) const {
  const auto it = moving_.find(std::string(tid));
  if (it == moving_.end() || seeded(defect::keeps_the_turn))
    return false;
  return std::ranges::any_of(
    it->second, [&](transaction_id id) { return locked || all_.at(id).state == state::reversal_due; });
}

transaction* book::match(const codec::message& response) {
  const auto it = by_trace_.find(trace_of(response));
  if (it == by_trace_.end())
    return nullptr;
  for (auto id = it->second.rbegin(); id != it->second.rend(); ++id) {
    auto& p = all_.at(*id);
    const auto mti = p.request->mti();
    if (codec::is_mti(mti) && codec::response_mti(mti) == response.mti() &&
        codec::echoes(response, *p.request, dialect_))
      return &p;
  }
  return nullptr;
}

transaction* book::original_of(const codec::message& reversal) {
  const auto it = by_trace_.find(trace_of(reversal));
  if (it == by_trace_.end())
    return nullptr;
  for (auto id = it->second.rbegin(); id != it->second.rend(); ++id) {
    auto& p = all_.at(*id);
    if (!equal_digits((*p.request)[amount_field], reversal[amount_field]) ||
        (*p.request)[time_field] != reversal[time_field])
      continue;
    if (lifecycle::is_open_case(p.state) || p.state == state::delivering)
      return &p;
    // An earlier reversal of the client's own has ended; the purchase stands behind it.
    if (!codec::is_reversal(*p.request))
      return nullptr;
  }
  return nullptr;
}

std::vector<transaction> book::cases() const {
  std::vector<transaction> cases;
  for (const auto id : open_)
    cases.push_back(all_.at(id));
  return cases;
}

std::vector<transaction> book::cases_after(transaction_id after, std::size_t max) const {
  std::vector<transaction> cases;
  for (auto it = open_.upper_bound(after); it != open_.end() && cases.size() < max; ++it)
    cases.push_back(all_.at(*it));
  return cases;
}

std::vector<transaction_id> book::forget_ended_before(time_point then, bool on_disk) {
  take_out_ended(then, on_disk);
  for (; !on_disk_alone_.empty() && on_disk_alone_.front().first < then; on_disk_alone_.pop_front())
    to_delete_.push_back(on_disk_alone_.front().second);
  const auto most = on_disk ? std::max(deleted_max, to_delete_.size() / 100) : to_delete_.size();
  const auto end = to_delete_.begin() + static_cast<std::ptrdiff_t>(std::min(to_delete_.size(), most));
  std::vector<transaction_id> deleted(to_delete_.begin(), end);
  to_delete_.erase(to_delete_.begin(), end);
  return deleted;
}

// Its key stands between a client and a second charge. What was never sent has freed its key.
void book::take_out_ended(time_point then, bool on_disk) {
  for (; !ended_.empty() && (ended_.front().first < then || ended_.size() > remembered_max_);
       ended_.pop_front()) {
    const auto [when, id] = ended_.front();
    // It may have been opened again since, by a late approval.
    const auto* p = find(id);
    if (!p || !lifecycle::is_final(p->state) || p->since != when)
      continue;
    const bool is_needed = on_disk && when >= then && !p->options.key.empty() && p->state != state::cancelled;
    forget(id);
    if (is_needed)
      on_disk_alone_.emplace_back(when, id);
    else
      to_delete_.push_back(id);
  }
}

std::set<transaction_id> book::abandoned() const {
  std::set<transaction_id> found;
  for (const auto id : under_way_)
    if (const auto& p = all_.at(id);
        p.hands->holders == 0 && (p.state == state::intent || p.options.how == delivery::tcp))
      found.insert(id);
  return found;
}

void book::end(transaction& p, state how, time_point now) {
  p.since = now;
  ended_.emplace_back(now, p.id);
  moved(p, how);
  // What may not be kept any longer goes: the card with all that belongs to it.
  p.request = kept_of(p.request);
  // Nobody can ask for it.
  if (p.options.public_id.empty())
    p.response = nullptr;
}

message_ptr book::kept_of(const message_ptr& m) const {
  if (!m)
    return nullptr;
  auto open = codec::open_part(*m, dialect_);
  open.shrink();  // many of them are kept for long
  return std::make_shared<const codec::message>(std::move(open));
}

// Every change of state: the sets follow from it.
void book::moved(transaction& p, state to) {
  p.state = to;
  if (lifecycle::is_open_case(to))
    open_.insert(p.id);
  else
    open_.erase(p.id);
  if (to == state::intent || to == state::delivering)
    under_way_.insert(p.id);
  else
    under_way_.erase(p.id);
  const auto tid = codec::terminal_of(*p.request);
  if (to == state::intent || (to == state::reversal_due && p.attempts == 0 && !p.attempt_under_way)) {
    moving_[tid].insert(p.id);
  } else if (const auto it = moving_.find(tid); it != moving_.end()) {
    it->second.erase(p.id);
    if (it->second.empty())
      moving_.erase(it);
  }
}

void book::forget(transaction_id id) {
  const auto it = all_.find(id);
  const auto trace = by_trace_.find(trace_of(*it->second.request));
  std::erase(trace->second, id);
  if (trace->second.empty())
    by_trace_.erase(trace);
  all_.erase(it);
}

}  // namespace actors
