// The remembered requests and what becomes of each: only a row of `request_phase` changes a phase.

#include "actors/transaction/request_cache.hpp"

#include <algorithm>
#include <utility>

#include "actors/core/digest.hpp"
#include "actors/core/timeouts.hpp"
#include "actors/transaction/transaction_record.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"

namespace actors {

using request::event;
using request::phase;

namespace {

// What the client of an earlier process was told that got no response.
refusal refusal_of_known(const transaction& t, bool is_own_reversal) {
  // It has waited for the end of a reversal that the host could not do at first.
  if (is_own_reversal && t.because == cause::undetermined)
    return refusal::timed_out;
  // At its host when its journal was copied, which was put back and adopted.
  if (!t.response && (t.state == lifecycle::state::unconfirmed || t.state == lifecycle::state::approved))
    return refusal::left_to_operator;
  if (t.response && t.because == cause::client_reversal)
    return refusal::being_reversed_by_client;
  return t.response ? refusal::undelivered : refusal_of(t.because);
}

}  // namespace

request_cache::request_cache(std::shared_ptr<const store::sealer> s, std::size_t keyed_max)
  : sealer_(std::move(s)), keyed_max_(sealer_ ? keyed_max : keyed_without_disk_max) {}

std::string request_cache::fingerprint(const std::string& text) const {
  return text.empty() ? "" : sealer_ ? sealer_->fingerprint(text) : digest_of(text);
}

request_cache::entry* request_cache::find(const std::string& id) {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : &it->second;
}

request_cache::entry* request_cache::find_key(const std::string& key) {
  const auto it = key.empty() ? by_key_.end() : by_key_.find(key);
  return it == by_key_.end() ? nullptr : find(it->second);
}

request_cache::entry& request_cache::add(const keyed_submit& d, bool moves_money, time_point now) {
  auto& e = by_id_[d.id];
  e.key = d.key;
  e.digest = d.digest;
  e.begun = now;
  e.now.id = d.id;
  e.journal_id = d.what.id;
  if (d.what.request)
    e.tid = codec::terminal_of(*d.what.request);
  e.how = d.what.options.how;
  e.way = d.what.way;
  e.moves_money = moves_money;
  (moves_money && !d.key.empty() ? keyed_ : others_).push_back(d.id);
  if (!d.key.empty())
    by_key_.emplace(d.key, d.id);
  unknown_to_journal_.erase(d.key);
  return e;
}

bool request_cache::must_ask_journal(const std::string& key, time_point now) const {
  return sealer_ && !key.empty() && now < ask_until_ && !unknown_to_journal_.contains(key);
}

bool request_cache::wait_for_journal(const std::string& key, inquirer i) {
  auto& all = inquirers_[key];
  all.push_back(std::move(i));
  return all.size() == 1;
}

std::vector<request_cache::inquirer> request_cache::take_inquirers(const std::string& key) {
  auto node = inquirers_.extract(key);
  return node ? std::move(node.mapped()) : std::vector<inquirer>();
}

void request_cache::begin(entry& e, time_point deadline) {
  e.deadline = deadline;
  under_way_.push_back(e.now.id);
}

std::vector<request_cache::entry*> request_cache::take_overdue(time_point now) {
  std::vector<entry*> overdue;
  for (; !under_way_.empty(); under_way_.pop_front()) {
    auto* e = find(under_way_.front());
    if (!e || (e->phase != phase::under_way && e->phase != phase::orphaned))
      continue;
    if (now < e->deadline)
      break;
    overdue.push_back(e);
  }
  return overdue;
}

bool request_cache::advance(entry& e, event on) {
  const auto to = request::step(e.phase, on);
  if (to)
    e.phase = *to;
  return to.has_value();
}

void request_cache::end(entry& e, message_ptr response, std::optional<refusal> refused,
                        transaction_id delivery_of, std::shared_ptr<custody> hands) {
  if (!advance(e, refused            ? outcome_unknown(*refused) ? event::failed : event::refused_unsent
                  : delivery_of != 0 ? event::approved
                                     : event::answered))
    return;
  e.hands = std::move(hands);
  e.now.response = std::move(response);
  e.now.refused = refused;
  e.now.delivery_of = e.phase == phase::failed && e.moves_money ? e.journal_id : delivery_of;
  e.given_to_several = e.given_to_several || e.waiting.size() > 1;
  // A revoked approval: its clients wait until that is durable.
  if (!(e.hands && e.hands->revoked))
    reply_to_waiting(e);
  if (e.phase == phase::refused)
    by_key_.erase(std::exchange(e.key, {}));
}

std::vector<withdraw> request_cache::end_all_failed() {
  std::vector<withdraw> unwanted;
  for (auto& [_, e] : by_id_) {
    if (e.phase == phase::under_way && e.withdraw_unsent()) {
      unwanted.push_back({e.tid, e.journal_id});
      end(e, nullptr, refusal::failed_unsent, 0);
      continue;
    }
    if (!advance(e, event::actor_stopped))
      continue;
    if (e.phase == phase::fetchable) {
      // The journal's message about its reversal may be lost with the actor: the next one asks again at once.
      wait_until(e, {});
    } else {
      unwanted.push_back({e.tid, e.journal_id, true});
      e.now.refused = refusal::failed_unknown;
      e.now.delivery_of = e.moves_money ? e.journal_id : 0;
      e.given_to_several = e.given_to_several || e.waiting.size() > 1;
      reply_to_waiting(e);
    }
  }
  for (auto& [_, all] : std::exchange(inquirers_, {}))
    for (auto& i : all)
      i.p.deliver(caf::make_error(refusal::failed_unknown));
  return unwanted;
}

void request_cache::add_known(const transaction& t, bool is_operators, const environment& env,
                              time_point since) {
  using lifecycle::state;
  // A transaction that is here without its key has freed the key, as has one that the host never processed.
  const bool is_unprocessed = t.state == state::cancelled || (t.state == state::declined && !t.response);
  const bool is_told_failed = is_unprocessed && t.because != cause::none;
  if (t.options.public_id.empty() || (is_unprocessed && !is_told_failed) || find(t.options.public_id))
    return;
  auto& e = add(
    keyed_submit{t.options.public_id, t.options.key, t.options.digest, submit{nullptr, {}, t.id, t.options}},
    true, since);
  const bool is_own = t.request && codec::is_reversal(*t.request);
  e.moves_money = !is_own;
  e.given_to_several = true;  // unknown how many clients got it
  const auto& dialect = env.upstreams.dialect_of(t.upstream);
  // An approval stands unless it is being reversed; any other response stands in any case.
  const bool is_open = t.state == state::unconfirmed || t.state == state::delivering;
  // The answer to a client's own reversal stands where nothing came of it behind that answer.
  const bool is_over_at_once = t.state == state::declined || (t.state == state::reversed && t.attempts == 0);
  const bool has_approved = t.state == state::approved || is_open;
  const bool stands =
    is_own ? is_over_at_once
           : has_approved || t.state == state::declined || (t.response && !dialect.approves(*t.response));
  // The gateway reverses nothing without a cause.
  const bool is_by_client = !is_own && t.response && t.state == state::reversed && t.because == cause::none;
  // Codes may mean something else by now.
  if (!is_own && (has_approved || is_by_client || t.state == state::declined))
    e.now.was_approval = t.state != state::declined;
  if (t.response && (stands || is_by_client))
    end(e, with_client_stan(t.response, t.client_stan), {}, is_open ? t.id : 0, is_open ? t.hands : nullptr);
  else
    end(e, nullptr, refusal_of_known(t, is_own), 0);
  if (is_by_client)
    reversed_by_client(e);
  else if (holds_nothing(t, dialect))
    reversal_completed(e);
  const bool is_kept = env.settings.delivery.of_unconfirmed == config::unconfirmed::keep &&
                       t.options.how != delivery::confirm_by_message;
  if (t.state == state::unconfirmed && (is_kept || is_operators))
    advance(e, event::left_by_process);
  if (is_open)
    delivery_failed(e, since);
}

void request_cache::give(entry& e, time_point now) {
  if (!advance(e, e.how == delivery::tcp ? event::given : event::given_for_a_while))
    return;
  if (e.phase == phase::fetchable)
    wait_until(e, now + fetch_timeout);
  else
    stop_waiting(e);
}

void request_cache::delivery_failed(entry& e, time_point now) {
  const bool may_be_known = e.how != delivery::tcp || e.given_to_several;
  if (advance(e, event::delivery_failed))
    wait_until(e, may_be_known ? now + fetch_timeout : now);
}

std::vector<std::string> request_cache::take_unfetched(time_point now) {
  std::vector<std::string> late;
  for (const auto& id : to_be_fetched_) {
    auto* e = find(id);
    if (!e || !e->fetch_until || *e->fetch_until > now)
      continue;
    if (e->is_in_hand())
      e->fetch_until = now + tick_period;
    else if (advance(*e, event::time_is_up))
      late.push_back(id);
  }
  for (const auto& id : late)
    to_be_fetched_.erase(id);
  return late;
}

void request_cache::delivered(entry& e) {
  if (!advance(e, event::delivered))
    return;
  stop_waiting(e);
  e.now.delivery_of = 0;
  reply_to_waiting(e);
}

void request_cache::reversed_by_client(entry& e) {
  take_reversal(e, request::is_open_approval(e.phase) ? event::reversal_completed : event::reversed_by_client,
                refusal::reversed_by_client);
}

void request_cache::take_reversal(entry& e, event on, refusal told) {
  const bool was_approval = request::is_open_approval(e.phase) || on == event::reversed_by_client;
  // An operator has it reversed that nobody knew the end of.
  if (on == event::revoked && e.now.refused == refusal::left_to_operator)
    e.now.refused = refusal::failed_unknown;
  if (!advance(e, on))
    return;
  const auto done = [](refusal r) {
    return r == refusal::being_reversed_by_client ? refusal::reversed_by_client : r;
  };
  if (on == event::reversal_completed)
    told = done(told);
  if (!was_approval) {
    // The host has approved once more what its client has reversed, and that is not its client's doing.
    if (e.now.refused == refusal::reversed_by_client)
      e.now.refused = refusal::undelivered;
    else if (on == event::reversal_completed && e.now.refused)
      e.now.refused = done(*e.now.refused);
    return;
  }
  stop_waiting(e);
  e.hands = nullptr;
  e.now.response = nullptr;
  e.now.refused = told;
  e.now.delivery_of = e.moves_money ? e.journal_id : 0;
  e.given_to_several = e.given_to_several || e.waiting.size() > 1;
  reply_to_waiting(e);
}

void request_cache::wait_until(entry& e, time_point then) {
  e.fetch_until = then;
  to_be_fetched_.insert(e.now.id);
}

void request_cache::stop_waiting(entry& e) {
  e.fetch_until.reset();
  to_be_fetched_.erase(e.now.id);
}

bool request_cache::is_being_revoked(const entry& e, time_point now) {
  if (!request::is_open_approval(e.phase))
    return false;
  return (e.hands && e.hands->revoked) || (e.fetch_until && *e.fetch_until <= now && !e.is_in_hand());
}

request_status request_cache::status_of(const entry& e) {
  auto s = e.now;
  s.reversed = e.phase == phase::reversed;
  return s;
}

void request_cache::reply_with(const entry& e, promise p) {
  auto s = status_of(e);
  s.hand = in_hand(e.hands);
  p.deliver(std::move(s));
}

void request_cache::reply_to_waiting(entry& e) {
  for (auto& p : std::exchange(e.waiting, {}))
    reply_with(e, p);
}

void request_cache::forget_old(time_point now) {
  forget_old(keyed_, keyed_max_, now);
  forget_old(others_, other_requests_max, now);
  unknown_to_journal_.clear();
}

// A request that still waits for its end is not dropped but put behind the others, so each is looked at once
// a round.
void request_cache::forget_old(std::deque<std::string>& ids, std::size_t most, time_point now) {
  for (auto round = ids.size(); round > 0; --round) {
    const auto it = by_id_.find(ids.front());
    const auto& e = it->second;
    if (now - e.begun < retention && ids.size() <= most)
      return;
    if (!e.has_ended() || e.fetch_until) {
      ids.push_back(std::move(ids.front()));
    } else {
      if (&ids == &keyed_ && !e.key.empty() && now - e.begun < retention)
        ask_journal_until(now + retention);
      by_key_.erase(e.key);
      by_id_.erase(it);
    }
    ids.pop_front();
  }
}

}  // namespace actors
