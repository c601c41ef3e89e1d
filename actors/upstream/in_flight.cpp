// The requests at the host, by key fields and by deadline. It sends nothing and delivers no promise.

#include "actors/upstream/in_flight.hpp"

#include "actors/protocol/response_times.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/reject.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masking.hpp"
#include "config/log.hpp"

namespace actors {

namespace log = config::log;

const char* meaning(unmatched why) {
  switch (why) {
    case unmatched::unknown: return "answers no request of ours";
    case unmatched::late: return "comes too late, its request has been given up";
    case unmatched::duplicate: return "has come before";
    case unmatched::contradicting:
      return "has the key of a request in flight but another amount, time, merchant or currency";
  }
  return "";
}

in_flight::entry entry_of(submit& s, const caf::typed_response_promise<answer>& promise) {
  in_flight::entry e{std::move(s.request), s.deadline, promise, s.host_timeout, s.id, s.reverses};
  e.undoes = std::move(s.undoes);
  e.means = std::move(s.means);
  e.begun = s.begun;
  e.has_namesake = s.has_namesake;
  e.public_id = std::move(s.options.public_id);
  e.client = std::move(s.client);
  return e;
}

bool in_flight::entry::counts_if_missed() const {
  return reverses == 0 && had_time && !is_step && codec::message_class(request->mti()) != '8';
}

const in_flight::entry* in_flight::add(entry&& e) {
  const auto [it, added] = by_key_.try_emplace(codec::pairing_key(*e.request, dialect_));
  if (!added)
    return nullptr;
  auto& held = it->second.held;
  held = std::move(e);
  it->second.deadline = by_deadline_.emplace_hint(by_deadline_.end(), held.deadline, &it->first);
  partial_ += codec::is_partial(it->first) ? 1 : 0;
  return &held;
}

in_flight::paired in_flight::take(const codec::message& response, time_point now) {
  const auto key = codec::pairing_key(response, dialect_);
  if (const auto it = by_key_.find(key); it != by_key_.end()) {
    if (may_be_of_another(key, response, it->second.held, now))
      return {{}, unmatched::contradicting};
    if (is_echoed_by(response, it->second.held)) {
      const auto& of = it->second.held;
      const bool is_open_to_doubt = !of.is_echo && !of.is_step && !is_money(of) &&
                                    dialect_.approves(response) &&
                                    !codec::says_time_of(response, *of.request, dialect_);
      return {remove(it, unmatched::duplicate, now), {}, 0, is_open_to_doubt};
    }
    // Most likely the response to an older message with the same STAN, so not to this one.
    return {{}, unmatched::contradicting};
  }
  if (const auto it = ended_.find(key); it != ended_.end())
    return {{}, it->second.later, it->second.of};
  return take_partial(key, response, now);
}

std::optional<in_flight::entry> in_flight::take_rejected(const codec::message& reject, time_point now) {
  auto found = by_key_.end();
  for (const auto& key : codec::rejected_keys(reject, dialect_)) {
    const auto it = by_key_.find(key);
    if (it == by_key_.end())
      continue;
    if (found != by_key_.end())
      return {};
    found = it;
  }
  if (found == by_key_.end())
    return {};
  const auto& e = found->second.held;
  if (e.is_echo || e.is_step || !is_echoed_by(reject, e) || may_be_of_another(found->first, reject, e, now))
    return {};
  return remove(found, unmatched::late, now);
}

bool in_flight::is_echoed_by(const codec::message& response, const entry& e) const {
  codec::amounts_of_original of;
  constexpr int amount = codec::fields::amount;
  if (e.undoes)
    of = {(*e.undoes->original)[amount], e.undoes->heard[amount]};
  else if (e.means)
    of = {(*e.means->request)[amount], e.means->approved_amount};
  return codec::echoes(response, *e.request, dialect_, of);
}

bool in_flight::is_money(const entry& e) const {
  return codec::moves_money(*e.request, dialect_) || codec::is_reversal(*e.request);
}

// Another transaction had this key before, and its response is missing, or may come once more. A response
// that does not say its time may be meant for it.
bool in_flight::may_be_of_another(const std::string& key, const codec::message& response, const entry& of,
                                  time_point now) const {
  const auto found = ended_.find(key);
  if ((!of.has_namesake && found == ended_.end()) || !is_money(of) ||
      codec::says_time_of(response, *of.request, dialect_))
    return false;
  if (of.has_namesake)
    return true;
  const auto& before = found->second;
  return (before.unanswered && before.unanswered != of.transaction() &&
          now - before.at < response_owed_for) ||
         (before.of != of.transaction() && now - before.at < response_repeated_for);
}

// One of the two may lack pairing fields of the other. It is the response only where it can be that of no
// other request, also not of one that ended: an approval that reaches a wrong client is money lost.
in_flight::paired in_flight::take_partial(const std::string& key, const codec::message& response,
                                          time_point now) {
  if (!codec::is_partial(key) && partial_ == 0)
    return {{}, unmatched::unknown};
  for (const auto& [other, how] : ended_)
    if (codec::may_pair(other, key))
      return {{}, how.later, how.of};
  auto found = by_key_.end();
  for (auto it = by_key_.begin(); it != by_key_.end(); ++it) {
    if (!codec::may_pair(it->first, key) || !is_echoed_by(response, it->second.held))
      continue;
    if (found != by_key_.end())
      return {{}, unmatched::contradicting};
    found = it;
  }
  if (found == by_key_.end())
    return {{}, unmatched::unknown};
  const auto& e = found->second.held;
  if (is_money(e) && (!first_look_ || now - *first_look_ < unknown_for || e.has_namesake))
    return {{}, unmatched::contradicting};
  return {remove(found, unmatched::duplicate, now), {}};
}

std::vector<in_flight::entry> in_flight::expire(time_point now) {
  first_look_ = first_look_.value_or(now);
  std::vector<entry> expired;
  while (!by_deadline_.empty() && by_deadline_.begin()->first <= now)
    expired.push_back(remove(by_key_.find(*by_deadline_.begin()->second), unmatched::late, now));
  return expired;
}

std::vector<in_flight::entry> in_flight::clear(time_point now) {
  std::vector<entry> all;
  while (!by_key_.empty())
    all.push_back(remove(by_key_.begin(), unmatched::late, now));
  return all;
}

void in_flight::log_refusal(const entry& e, refusal why) {
  if (e.is_echo || e.is_step)
    return log::info(e.subject(), "{}, {} of the gateway: {}", codec::label(*e.request),
                     e.is_echo ? "an echo" : "a request", to_string(why));
  // A reversal of the gateway is logged by its case, which repeats it.
  if (e.reverses != 0)
    log::info(e.subject(), "{}: {}", codec::label(*e.request), to_string(why));
  else if (why == refusal::rejected)
    log::warning(e.subject(), "{}: {}, the host has not processed it", codec::label(*e.request),
                 to_string(why));
  else if (outcome_unknown(why))
    log::warning(e.subject(), "{}: {}, its outcome is unknown", codec::label(*e.request), to_string(why));
  else
    log::info(e.subject(), "{}: {}, nothing was sent", codec::label(*e.request), to_string(why));
}

in_flight::entry in_flight::remove(table::iterator it, unmatched later, time_point now) {
  by_deadline_.erase(it->second.deadline);
  partial_ -= codec::is_partial(it->first) ? 1 : 0;
  auto left = by_key_.extract(it);
  remember(std::move(left.key()), later, left.mapped().held, now);
  return std::move(left.mapped().held);
}

void in_flight::remember(std::string key, unmatched later, const entry& of, time_point now) {
  const auto [it, added] = ended_.try_emplace(std::move(key));
  auto& e = it->second;
  e.later = later;
  e.of = of.transaction();
  e.at = now;
  // It stays so when a later request with this key is answered: its own response may still come.
  if (later == unmatched::late)
    e.unanswered = e.of;
  if (!added)
    return;
  ended_order_.push_back(&it->first);
  if (ended_order_.size() > remembered_max) {
    ended_.erase(ended_.find(*ended_order_.front()));
    ended_order_.pop_front();
  }
}

}  // namespace actors
