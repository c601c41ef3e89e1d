// The requests that can be asked about later: by id, and by the key under which their client may ask again.
// No actor in it but the promises to those who wait.
//
// Requests that moved no money under a key are forgotten when there are too many: who asks for them later
// loses nothing. Those of money under a key stand between a client and a second charge; what memory cannot
// hold the journal is asked for.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "actors/core/digest.hpp"
#include "actors/core/environment.hpp"
#include "actors/core/lived_clock.hpp"
#include "actors/core/timeouts.hpp"
#include "actors/protocol/directory.hpp"
#include "store/sealing.hpp"

namespace actors {

class request_cache {
public:
  using promise = caf::typed_response_promise<request_status>;

  static constexpr std::chrono::hours retention{24};
  static constexpr std::chrono::seconds tick_period{1};
  static constexpr std::size_t other_requests_max = 100000;  ///< of no money, or without a key
  static constexpr std::size_t keyed_without_disk_max =
    1000000;  ///< of money under a key, where no disk has them

  request_cache(std::shared_ptr<const store::sealer> s, std::size_t keyed_max)
    : sealer_(std::move(s)), keyed_max_(sealer_ ? keyed_max : keyed_without_disk_max) {}

  /// The time that clients are given is measured by this.
  time_point look_at_clock(time_point now) { return clock_.look(now); }

  /// What stands for a key, or for what was asked, in memory and on the disk: clients put anything into them,
  /// card numbers too.
  std::string fingerprint(const std::string& text) const {
    return text.empty() ? "" : sealer_ ? sealer_->fingerprint(text) : digest_of(text);
  }

  struct record {
    std::string key, digest;
    time_point begun{};
    time_point deadline{};         // no one waits for its end any longer
    std::vector<promise> waiting;  // for its end, or for what becomes of an approval that nobody has
    request_status now;
    bool ended = false;
    bool proven = false;  // of an approval: its client has it
    bool kept =
      false;  // of an approval of an earlier process: its client may have it, so it is not undone by guess
    std::optional<time_point>
      fetch_until;  // of an approval that its client may not have; then it is reversed
    bool money = false;
    delivery how = delivery::tcp;
    bool shared = false;  // it was given to more than one
    bool deaf = false;    // it was ended before its end: who would have heard that has died
    transaction_id purchase = 0;
    std::shared_ptr<custody> hands;  // of an approval
  };

  record* find(const std::string& id) {
    const auto it = by_id_.find(id);
    return it == by_id_.end() ? nullptr : &it->second;
  }

  record* find_key(const std::string& key) {
    const auto it = key.empty() ? by_key_.end() : by_key_.find(key);
    return it == by_key_.end() ? nullptr : find(it->second);
  }

  record& add(const keyed_submit& d, bool money, time_point now) {
    auto& r = by_id_[d.id];
    r.key = d.key;
    r.digest = d.digest;
    r.begun = now;
    r.now.id = d.id;
    r.purchase = d.what.id;
    r.how = d.what.options.how;
    r.money = money;
    (money && !d.key.empty() ? keyed_ : others_).push_back(d.id);
    if (!d.key.empty())
      by_key_.emplace(d.key, d.id);
    unknown_to_journal_.erase(d.key);
    return r;
  }

  // --- keys that only the journal may know ---

  // One who asks while the journal is asked for the key.
  struct inquirer {
    std::optional<keyed_submit> what;  ///< none: it wants to know, and nothing else
    std::string digest;
    promise p;
  };

  // Until then the journal has keys of money that are not here.
  void ask_journal_until(time_point then) { ask_until_ = std::max(ask_until_, then); }

  bool must_ask_journal(const std::string& key, time_point now) const {
    return sealer_ && !key.empty() && now < ask_until_ && !unknown_to_journal_.contains(key);
  }

  // Whether nobody has asked for it yet.
  bool wait_for_journal(const std::string& key, inquirer i) {
    auto& all = inquirers_[key];
    all.push_back(std::move(i));
    return all.size() == 1;
  }

  std::vector<inquirer> take_inquirers(const std::string& key) {
    auto node = inquirers_.extract(key);
    return node ? std::move(node.mapped()) : std::vector<inquirer>();
  }

  // This stays true until a request with that key is taken; it need not be known for long.
  void note_unknown(const std::string& key) { unknown_to_journal_.insert(key); }

  void begin(record& r, time_point deadline) {
    r.deadline = deadline;
    under_way_.push_back(r.now.id);
  }

  // Those that have not ended by their deadline, or whose end nobody would have heard.
  std::vector<record*> take_overdue(time_point now) {
    std::vector<record*> overdue;
    for (; !under_way_.empty(); under_way_.pop_front()) {
      auto* r = find(under_way_.front());
      if (!r || (r->ended && !r->deaf))
        continue;
      if (now < r->deadline)
        break;
      overdue.push_back(r);
    }
    return overdue;
  }

  // The one end of a request: everyone who waits hears it.
  void end(record& r, message_ptr response, std::optional<refusal> refused, transaction_id delivery_of,
           std::shared_ptr<custody> hands = {}) {
    r.ended = true;
    r.hands = std::move(hands);
    r.now.response = std::move(response);
    r.now.refused = refused;
    r.now.delivery_of = refused && r.money && outcome_unknown(*refused) ? r.purchase : delivery_of;
    r.shared = r.shared || r.waiting.size() > 1;
    tell_waiting(r);
    if (refused && !outcome_unknown(*refused))
      by_key_.erase(std::exchange(r.key, {}));
  }

  // From then on the receiver has the approval in hand.
  static void tell(const record& r, promise p) {
    auto s = r.now;
    s.hand = in_hand(r.hands);
    p.deliver(std::move(s));
  }

  static void tell_waiting(record& r) {
    for (auto& p : std::exchange(r.waiting, {}))
      tell(r, p);
  }

  // An approval that may be undone, for all that is known of its client.
  static bool is_unproven(const record& r) {
    return r.ended && !r.now.refused && !r.proven && !r.kept && r.now.delivery_of != 0;
  }

  // Its client may not have it: it has some time to ask again, or another client that was given it has it.
  void lose(record& r, time_point now) {
    if (!is_unproven(r))
      return;
    const bool may_be_known = r.how != delivery::tcp || r.shared;
    r.fetch_until = may_be_known ? now + fetch_timeout : now;
    to_be_fetched_.insert(r.now.id);
  }

  // A session is given it, and tells whether it was delivered; one that has died does not, and has it no
  // longer in hand.
  void fetch(record& r, time_point now) {
    stop_waiting(r);
    if (!is_unproven(r) || r.how == delivery::tcp)
      return;
    r.fetch_until = now + fetch_timeout;
    to_be_fetched_.insert(r.now.id);
  }

  void stop_waiting(record& r) {
    r.fetch_until.reset();
    to_be_fetched_.erase(r.now.id);
  }

  void undo(record& r, bool reversed) {
    stop_waiting(r);
    if (r.ended && !r.now.refused && r.now.delivery_of != 0 && !r.proven)
      end(r, nullptr, refusal::undelivered, 0);
    r.now.reversed = r.now.refused && outcome_unknown(*r.now.refused) && reversed;
  }

  // Ids of those for which nobody came in time.
  std::vector<std::string> take_unfetched(time_point now) {
    std::vector<std::string> late;
    for (const auto& id : to_be_fetched_) {
      auto* r = find(id);
      if (!r || !r->fetch_until || *r->fetch_until > now)
        continue;
      if (r->hands && r->hands->holders != 0)
        r->fetch_until = now + tick_period;
      else
        late.push_back(id);
    }
    for (const auto& id : late)
      to_be_fetched_.erase(id);
    return late;
  }

  // A purchase of an earlier process, or one that was dropped here. `since`: how old it counts.
  void add_kept(const transaction& p, bool is_operators, const environment& env, time_point since) {
    using lifecycle::state;
    // One that is here without its key has freed it.
    if (p.options.public_id.empty() || p.state == state::cancelled || find(p.options.public_id))
      return;
    auto& r = add(keyed_submit{p.options.public_id, p.options.key, p.options.digest,
                               submit{nullptr, {}, p.id, p.options}},
                  true, since);
    r.shared = true;  // nobody knows any more who was given it
    r.proven = p.state == state::approved;
    r.kept = p.state == state::unconfirmed && (env.settings.unconfirmed == "keep" || is_operators);
    // An approval stands unless it is being undone; any other words of the host stand in any case.
    const bool may_be_undone = p.state == state::unconfirmed || p.state == state::delivering;
    const bool stands =
      p.state == state::approved || may_be_undone || (p.response && !env.dialect.approves(*p.response));
    if (p.response && stands)
      end(r, p.response, {}, may_be_undone ? p.id : 0, may_be_undone ? p.hands : nullptr);
    else
      end(r, nullptr, p.response ? refusal::undelivered : refusal_of(p.because), 0);
    r.now.reversed = r.now.refused && p.state == state::reversed;
    if (may_be_undone)
      lose(r, since);
  }

  // The actor that would have heard the end has died.
  void lose_those_under_way() {
    for (auto& [_, r] : by_id_)
      if (!r.ended) {
        end(r, nullptr, refusal::failed_unknown, 0);
        r.deaf = true;
      }
    for (auto& [_, all] : std::exchange(inquirers_, {}))
      for (auto& i : all)
        i.p.deliver(caf::make_error(refusal::failed_unknown));
  }

  void forget_old(time_point now) {
    forget_old(keyed_, keyed_max_, now);
    forget_old(others_, other_requests_max, now);
    unknown_to_journal_.clear();
  }

private:
  // One that still waits for its end is not forgotten, and is put behind the others: each is looked at once a
  // round.
  void forget_old(std::deque<std::string>& ids, std::size_t most, time_point now) {
    for (auto round = ids.size(); round > 0; --round) {
      const auto it = by_id_.find(ids.front());
      const auto& r = it->second;
      if (now - r.begun < retention && ids.size() <= most)
        return;
      if (!r.ended || r.fetch_until) {
        ids.push_back(std::move(ids.front()));
      } else {
        if (&ids == &keyed_ && !r.key.empty() && now - r.begun < retention)
          ask_journal_until(now + retention);
        by_key_.erase(r.key);
        by_id_.erase(it);
      }
      ids.pop_front();
    }
  }

  std::shared_ptr<const store::sealer> sealer_;
  std::size_t keyed_max_;
  time_point ask_until_ = time_point::min();
  std::unordered_map<std::string, std::vector<inquirer>> inquirers_;  // by key
  std::set<std::string> unknown_to_journal_;                          // keys; for a second or so
  lived_clock clock_;
  std::set<std::string> to_be_fetched_;
  std::deque<std::string> under_way_;  // ids, by their deadlines; some have ended
  std::unordered_map<std::string, record> by_id_;
  std::unordered_map<std::string, std::string> by_key_;  // to ids
  std::deque<std::string> keyed_, others_;               // ids, oldest first
};

}  // namespace actors
