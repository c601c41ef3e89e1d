// The book of transactions: the content of the journal, in memory.
//
// A transaction has only those states here that a journal can record: `intent` until the host's response is
// durable, `reversal_due` until the end of a reversal is.

#include "actors/journal/book.hpp"

#include <algorithm>
#include <functional>
#include <ranges>

#include "actors/transaction/transaction_record.hpp"
#include "codec/exchange/confirmation.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/renumber.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/privacy/retention.hpp"

namespace actors {

using lifecycle::state;

namespace fields = codec::fields;

std::string book::trace_of(const codec::message& m, std::string_view stan) {
  auto trace = codec::terminal_of(m);
  trace += '/';
  trace += codec::without_leading_zeros(stan);
  return trace;
}

std::string book::trace_of(const codec::message& m) { return trace_of(m, m[fields::stan]); }

const transaction* book::find(transaction_id id) const {
  if (const auto it = all_.find(id); it != all_.end())
    return &it->second;
  if (const auto it = looked_at_.find(id); it != looked_at_.end())
    return &it->second;
  auto packed = packed_.find(id);
  if (!packed)
    return nullptr;
  packed->trace = trace_of(*packed->request);
  return &looked_at_.emplace(id, std::move(*packed)).first->second;
}

std::vector<const transaction*> book::with_trace(const std::string& trace) const {
  std::vector<const transaction*> found;
  for (const auto id : packed_.with_trace(trace))
    if (const auto* t = find(id); trace_of(*t->request) == trace)
      found.push_back(t);
  if (const auto it = by_trace_.find(trace); it != by_trace_.end())
    for (const auto id : it->second)
      found.push_back(&all_.at(id));
  return found;
}

std::vector<const transaction*> book::with_client_trace(const std::string& trace) const {
  std::vector<const transaction*> found;
  if (const auto it = by_client_trace_.find(trace); it != by_client_trace_.end())
    for (const auto id : it->second)
      found.push_back(&all_.at(id));
  return found;
}

const transaction* book::apply(const decision& d, time_point now, std::int64_t wall) {
  if (d.what == decision::kind::intent)
    return begin(d, now, wall);
  const auto found = all_.find(d.id);
  if (found == all_.end())
    return open_packed(d, now);
  auto* t = &found->second;
  const auto before = t->state;
  // A request that the host had when its journal was copied is unconfirmed, without a record that says so.
  if (d.what == decision::kind::closed && d.outcome == state::approved && t->state == state::intent &&
      t->id <= adopted_)
    restart(*t, dialect_of(*t), now, true);
  if (!actors::apply(*t, d, dialect_of(*t), now))
    return nullptr;
  if (d.original != 0 && t->original == 0) {
    t->original = d.original;
    t->host_agreed = t->host_agreed || has_approved(d.original);
  }
  if (d.what == decision::kind::attempt && d.attempt_is != decision::attempt_state::sent)
    t->last_ended = wall;
  if (d.what == decision::kind::closed && d.outcome == state::reversed)
    note_taken_back(*t, d);
  note_change(*t, now, before);
  return t;
}

const transaction* book::begin(const decision& d, time_point now, std::int64_t wall) {
  if (d.id == 0 || !d.message || !hosts_.find(d.upstream))
    return nullptr;
  const auto [it, is_new] = all_.try_emplace(d.id);
  if (!is_new)
    return nullptr;
  auto& t = it->second;
  last_id_ = std::max(last_id_, d.id);
  t.id = d.id;
  t.request = d.message;
  t.options = d.options;
  t.upstream = hosts_.of(d.upstream).name;
  t.begun = wall;
  t.host_mark = d.host_mark;
  t.since = now;
  t.card = codec::masked_card(*d.message);
  t.card_mark = d.card_mark != 0 ? d.card_mark : codec::card_mark(t.card);
  t.client_stan = d.client_stan;
  t.original = d.original;
  t.host_agreed = d.original != 0 && has_approved(d.original);
  t.trace = trace_of(*t.request);
  by_trace_[t.trace].push_back(t.id);
  if (!t.client_stan.empty())
    by_client_trace_[trace_of(*t.request, t.client_stan)].push_back(t.id);
  moved(t, state::queued);
  return &t;
}

void book::finish_replay(time_point now) {
  for (auto& [_, t] : all_) {
    t.late_arrival_until = now + late_arrival_max;
    t.attempt_lost = t.attempt_lost || std::exchange(t.attempt_under_way, false);
    t.attempt_unrecorded = t.state == state::reversal_due || t.state == state::parked;
    if (t.state == state::intent || t.state == state::delivering) {
      const bool adopted = t.state == state::intent && t.id <= adopted_ && !codec::is_reversal(*t.request);
      restart(t, dialect_of(t), now, adopted);
    }
    moved(t);
  }
  take_out_ended(time_point::min(), true);
}

std::int64_t book::begun_of(const transaction& t) const {
  const auto* original = t.original != 0 ? find(t.original) : nullptr;
  return original ? original->begun : t.begun;
}

bool book::terminal_blocked(std::string_view tid, bool locked, time_point now) const {
  const auto it = moving_.find(std::string(tid));
  return it != moving_.end() && std::ranges::any_of(it->second, [&](transaction_id id) {
           return blocks_terminal(all_.at(id), locked, now);
         });
}

bool book::blocks_terminal(const transaction& t, bool locked, time_point now) const {
  return t.state == state::reversal_due ? t.attempts == 0 || now - t.since < terminal_block_max : locked;
}

std::vector<const transaction*> book::matches(const codec::message& response,
                                              std::string_view upstream) const {
  std::vector<const transaction*> all;
  for (const auto* found : std::views::reverse(with_trace(trace_of(response)))) {
    const auto& p = *found;
    const auto mti = p.request->mti();
    if (p.upstream == upstream && codec::is_mti(mti) && dialect_of(p).response_mti(mti) == response.mti() &&
        codec::echoes(response, *p.request, dialect_of(p)))
      all.push_back(&p);
  }
  return all;
}

std::vector<std::string> book::confirmed(const codec::message& by, bool earlier) const {
  return earlier ? confirmed_before(by) : confirmed_by(by);
}

std::vector<std::string> book::confirmed_by(const codec::message& confirmation) const {
  std::set<transaction_id> meant;
  const auto look = [&](const std::vector<const transaction*>& all, bool renumbered) {
    for (const auto* found : all) {
      const auto& t = *found;
      // No client can have an approval that never was.
      const bool was_approved = t.state == state::delivering || t.state == state::approved || t.host_agreed;
      if (was_approved && !codec::is_reversal(*t.request) && t.options.how == delivery::confirm_by_message &&
          t.client_stan.empty() != renumbered &&
          codec::may_confirm(confirmation, *t.request, amount_of(t), t.reference_fields[fields::reference],
                             dialect_of(t)))
        meant.insert(t.id);
    }
  };
  look(with_trace(trace_of(confirmation)), false);
  look(with_client_trace(trace_of(confirmation)), true);
  if (meant.size() != 1)
    return {};
  const auto& t = *find(*meant.begin());
  const bool stands =
    t.state == state::delivering || t.state == state::unconfirmed || t.state == state::approved;
  return stands ? std::vector{t.options.public_id} : std::vector<std::string>{};
}

std::vector<std::string> book::confirmed_before(const codec::message& request) const {
  std::vector<std::string> ids;
  const auto it = to_confirm_.find(codec::terminal_of(request));
  for (const auto id : it == to_confirm_.end() ? std::set<transaction_id>() : it->second) {
    const auto& t = all_.at(id);
    const auto stan = t.client_stan.empty() ? (*t.request)[fields::stan] : std::string_view(t.client_stan);
    if (codec::is_earlier_stan(stan, request[fields::stan]))
      ids.push_back(t.options.public_id);
  }
  return ids;
}

void book::reserve(transaction_id id, const std::string& upstream, std::uint64_t until) {
  last_id_ = std::max(last_id_, id);
  const auto [it, is_first] = reserved_.try_emplace(upstream, reserved_numbers{id, until});
  if (is_first)
    return;
  to_delete_.push_back(it->second.record);
  it->second = {id, until};
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

std::set<transaction_id> book::abandoned() const {
  std::set<transaction_id> found;
  for (const auto id : under_way_)
    if (const auto& p = all_.at(id);
        p.hands->holders == 0 && (p.state == state::intent || p.options.how == delivery::tcp))
      found.insert(id);
  return found;
}

// Called after every change: the sets follow from the state, and from that `before` it, where that is known.
void book::moved(const transaction& t, std::optional<state> before) {
  const auto hold = [&](std::set<transaction_id>& ids, auto belongs) {
    const bool is_in = belongs(t.state);
    if (before && belongs(*before) == is_in)
      return;
    if (is_in)
      ids.insert(t.id);
    else
      ids.erase(t.id);
  };
  hold(open_, lifecycle::is_open_case);
  hold(under_way_, [](state s) { return s == state::intent || s == state::delivering; });
  const auto hold_at = [&](auto& by_tid, auto belongs) {
    const bool is_in = belongs(t.state);
    if (before ? belongs(*before) == is_in : !is_in && by_tid.empty())
      return;
    const auto tid = codec::terminal_of(*t.request);
    if (is_in) {
      by_tid[tid].insert(t.id);
    } else if (const auto it = by_tid.find(tid); it != by_tid.end()) {
      it->second.erase(t.id);
      if (it->second.empty())
        by_tid.erase(it);
    }
  };
  hold_at(moving_, [](state s) { return s == state::intent || s == state::reversal_due; });
  hold_at(to_confirm_, [&t](state s) {
    return (s == state::delivering || s == state::unconfirmed) &&
           t.options.how == delivery::confirm_by_message;
  });
}

}  // namespace actors
