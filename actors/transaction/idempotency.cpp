// Remembers deals by id and by Idempotency-Key, for 24 hours at most; those that moved money beyond the
// process's end.
//
// However often and however parallel a deal is asked for under one key, it is submitted once, and everyone
// who asked gets the one answer, whatever has changed since. A refusal that says "nothing was sent" forgets
// the key, so that asking again is a new try; one that says "outcome unknown" is an answer like any other and
// stays. An approval that nobody fetches, or confirms, within its time is reversed; from the moment that this
// is durable the answer is a refusal, for everyone and for ever.
//
// There may be more keys of money than memory holds. Once one was dropped, the journal is asked for every key
// that is not here, before a deal is taken for a new one.

#include "actors/transaction/idempotency.hpp"

#include <deque>
#include <set>
#include <unordered_map>

#include "actors/core/default_handlers.hpp"
#include "actors/core/digest.hpp"
#include "actors/core/lived_clock.hpp"
#include "actors/core/timeouts.hpp"
#include "codec/exchange/reversal.hpp"

namespace actors {

using namespace std::chrono_literals;

namespace {

constexpr auto retention = 24h;
constexpr auto tick_period = 1s;

// Everyone below ends a deal by its deadline; should they not, we do, for all who asked and before one of
// them loses patience.
constexpr auto end_timeout = answer_margin - 2 * tick_period;

// Deals that are remembered beside those of money: whoever asks for them later loses nothing where they are
// forgotten.
constexpr std::size_t other_requests_max = 100000;

// Deals of money under a key, which stand between a client and a second charge, where no disk has them.
constexpr std::size_t keyed_without_disk_max = 1000000;

}  // namespace

// The table of deals. No actor in it but the promises to those who wait.
class request_cache {
public:
  using promise = caf::typed_response_promise<request_status>;

  request_cache(std::shared_ptr<const store::sealer> s, std::size_t keyed_max)
    : sealer_(std::move(s)), keyed_max_(sealer_ ? keyed_max : keyed_without_disk_max) {}

  /// The time by which clients have patience with us.
  time_point look_at_clock(time_point now) { return clock_.look(now); }

  /// What stands for a key, or for what was asked, in memory and on the disk: clients put anything into them,
  /// card numbers too.
  std::string fingerprint(const std::string& text) const {
    return text.empty() ? "" : sealer_ ? sealer_->fingerprint(text) : digest_of(text);
  }

  struct record {
    std::string key, digest;
    time_point begun{};
    time_point deadline{};         // nobody waits for its end any longer
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

  // Whoever has asked while the journal is asked for its key.
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

  // Nobody but us makes purchases, so this stays true until we take a deal with it; it need not be known for
  // long.
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

  // The one end of a deal: everyone who waits hears it.
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

  // Whoever is told has an approval in hand from then on.
  static void tell(const record& r, promise p) {
    auto s = r.now;
    s.hand = in_hand(r.hands);
    p.deliver(std::move(s));
  }

  static void tell_waiting(record& r) {
    for (auto& p : std::exchange(r.waiting, {}))
      tell(r, p);
  }

  // Its client may not have it. It has some time to come back, or somebody else who was given it has it.
  void lose(record& r, time_point now) {
    if (!r.ended || r.now.refused || r.proven || r.kept || r.now.delivery_of == 0)
      return;
    const bool may_be_known = r.how != delivery::tcp || r.shared;
    r.fetch_until = may_be_known ? now + fetch_timeout : now;
    to_be_fetched_.insert(r.now.id);
  }

  // Somebody is given it, and tells whether it was delivered; who has died does not, and has it no longer in
  // hand.
  void fetch(record& r, time_point now) {
    stop_waiting(r);
    if (!r.ended || r.now.refused || r.proven || r.kept || r.now.delivery_of == 0 || r.how == delivery::tcp)
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

namespace {

class idempotency_state {
public:
  static inline const char* name = "idempotency";

  explicit idempotency_state(idempotency_actor::pointer s) : self(s) {}
  ~idempotency_state() {
    if (remembered)
      remembered->lose_those_under_way();
  }
  idempotency_state(const idempotency_state&) = delete;
  idempotency_state& operator=(const idempotency_state&) = delete;

  request_cache::promise take(keyed_submit& d) {
    auto p = self->make_response_promise<request_status>();
    d.key = d.what.options.key = remembered->fingerprint(d.key);
    d.digest = d.what.options.digest = d.key.empty() ? "" : remembered->fingerprint(d.digest);
    if (auto* known = remembered->find_key(d.key)) {
      join(*known, d.digest, p);
    } else if (remembered->must_ask_journal(d.key, now())) {
      const auto key = d.key, digest = d.digest;
      ask_journal(key, {std::move(d), digest, p});
    } else {
      take_anew(d, p);
    }
    return p;
  }

  void take_anew(keyed_submit& d, request_cache::promise& p) {
    auto& r = remembered->add(d, codec::moves_money(*d.what.request, env->dialect), now());
    r.waiting.push_back(p);
    remembered->begin(
      r, now() + (d.what.deadline - self->clock().now()) + env->settings.host_timeout + end_timeout);
    self->request(peers.dispatcher, caf::infinite, std::move(d.what))
      .then([this, id = d.id](answer& a) { end(id, std::move(a.response), {}, a.delivery_of, a.hand.of()); },
            [this, id = d.id](caf::error& e) { end(id, nullptr, refusal_of(e), 0); });
  }

  request_cache::promise look_up(const lookup& l) {
    auto p = self->make_response_promise<request_status>();
    auto* known = remembered->find(l.id);
    if (!known)
      p.deliver(request_status{});
    else if (being_undone(*known))
      known->waiting.push_back(p);
    else if (l.unseen)
      p.deliver(known->now);
    else
      give(*known, p);
    return p;
  }

  request_cache::promise look_up_key(const lookup_by_key& r) {
    auto p = self->make_response_promise<request_status>();
    const auto key = remembered->fingerprint(r.key), digest = remembered->fingerprint(r.digest);
    if (auto* known = remembered->find_key(key))
      join(*known, digest, p);
    else if (remembered->must_ask_journal(key, now()))
      ask_journal(key, {std::nullopt, digest, p});
    else
      p.deliver(request_status{});
    return p;
  }

  // A client says that it has its answer.
  request_cache::promise confirm_it(const confirm& c) {
    auto p = self->make_response_promise<request_status>();
    auto* r = remembered->find(c.id);
    if (!r) {
      p.deliver(request_status{});
      return p;
    }
    // It is being undone: what becomes of it is the answer.
    if (being_undone(*r)) {
      r->waiting.push_back(p);
    } else if (r->ended && !r->now.refused && r->now.delivery_of != 0) {
      // Its word is durable before it is answered: from then on nothing reverses it.
      self
        ->request(peers.journal, caf::infinite,
                  commit{decision{decision::kind::delivered, r->now.delivery_of}})
        .then([this, id = c.id, p](const committed&) { confirmed(id, p); },
              [this, id = c.id, p](caf::error&) { not_confirmed(id, p); });
    } else {
      request_cache::tell(*r, p);
    }
    return p;
  }

  void lose(const std::string& id) {
    if (auto* r = remembered->find(id))
      remembered->lose(*r, now());
  }

  void take_revocation(const std::string& id, bool reversed) {
    if (auto* r = remembered->find(id))
      remembered->undo(*r, reversed);
  }

  void tick() {
    remembered->forget_old(now());
    for (auto* r : remembered->take_overdue(now())) {
      if (r->ended)
        caf::anon_send(
          peers.journal,
          request_reversal{r->purchase, cause::failed});  // an approval may stand that nobody was given
      else
        remembered->end(*r, nullptr, refusal::failed_unknown, 0);
    }
    for (const auto& id : remembered->take_unfetched(now())) {
      // The journal tells us (`undone`) when it is durable; should it know better, its client has it after
      // all.
      self
        ->request(peers.journal, caf::infinite,
                  request_reversal{remembered->find(id)->now.delivery_of, cause::undelivered})
        .then([](const committed&) {},
              [this, id](caf::error&) {
                if (auto* r = remembered->find(id))
                  stands(*r);
              });
    }
    self->delayed_send(self, tick_period, tick_atom::value);
  }

  idempotency_actor::pointer self;
  environment_ptr env;
  directory peers;
  std::shared_ptr<request_cache> remembered;

private:
  time_point now() { return remembered->look_at_clock(self->clock().now()); }

  // Decided or about to be; who asks waits for what becomes of it.
  bool being_undone(const request_cache::record& r) {
    if (!r.ended || r.now.refused || r.proven)
      return false;
    const bool in_hands = r.hands && r.hands->holders != 0;
    return (r.hands && r.hands->revoked) || (r.fetch_until && *r.fetch_until <= now() && !in_hands);
  }

  // Whoever asks for the same key meanwhile waits too.
  void ask_journal(const std::string& key, request_cache::inquirer i) {
    if (!remembered->wait_for_journal(key, std::move(i)))
      return;
    self->request(peers.journal, env->settings.queue_timeout + end_timeout, find_by_key{key})
      .then([this, key](const found_by_key& f) { take_found(key, f); },
            [this, key](caf::error&) {
              // It may have been charged before.
              for (auto& waiting : remembered->take_inquirers(key))
                waiting.p.deliver(caf::make_error(refusal::failed_unknown));
            });
  }

  void take_found(const std::string& key, const found_by_key& f) {
    if (f.what)
      remembered->add_kept(*f.what, f.is_operators, *env, now());
    if (!remembered->find_key(key))
      remembered->note_unknown(key);
    for (auto& i : remembered->take_inquirers(key))
      if (auto* known = remembered->find_key(key))
        join(*known, i.digest, i.p);
      else if (i.what)
        take_anew(*i.what, i.p);
      else
        i.p.deliver(request_status{});
  }

  void join(request_cache::record& r, const std::string& digest, request_cache::promise& p) {
    if (r.digest != digest) {
      p.deliver(caf::make_error(refusal::other_content));
    } else if (!r.ended || being_undone(r)) {
      r.waiting.push_back(p);
    } else {
      give(r, p);
    }
  }

  void give(request_cache::record& r, request_cache::promise& p) {
    r.shared = true;
    remembered->fetch(r, now());
    request_cache::tell(r, p);
  }

  // It is known to its client, and the journal knows that.
  void stands(request_cache::record& r) {
    remembered->stop_waiting(r);
    r.proven = true;
    r.now.delivery_of = 0;
    request_cache::tell_waiting(r);
  }

  void confirmed(const std::string& id, request_cache::promise p) {
    if (auto* r = remembered->find(id)) {
      stands(*r);
      return request_cache::tell(*r, p);
    }
    p.deliver(request_status{});
  }

  // It is being undone, or is known to be delivered already.
  void not_confirmed(const std::string& id, request_cache::promise p) {
    auto* r = remembered->find(id);
    if (r && being_undone(*r))
      r->waiting.push_back(p);
    else
      confirmed(id, p);
  }

  void end(const std::string& id, message_ptr response, std::optional<refusal> refused,
           transaction_id delivery_of, std::shared_ptr<custody> hands = {}) {
    auto* known = remembered->find(id);
    if (!known)
      return;
    // It had ended already, so everyone was told that it has failed.
    if (known->ended) {
      if (delivery_of != 0)
        caf::anon_send(peers.journal, request_reversal{delivery_of, cause::undelivered});
      return;
    }
    remembered->end(*known, std::move(response), refused, delivery_of, std::move(hands));
    remembered->fetch(*known, now());
  }
};

idempotency_actor::behavior_type idempotency(idempotency_actor::stateful_pointer<idempotency_state> self,
                                             environment_ptr env, std::shared_ptr<request_cache> remembered) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.remembered = std::move(remembered);
  self->delayed_send(self, tick_period, tick_atom::value);
  return {
    [&state](keyed_submit& d) { return state.take(d); },
    [&state](const lookup& l) { return state.look_up(l); },
    [&state](const lookup_by_key& r) { return state.look_up_key(r); },
    [&state](const confirm& c) { return state.confirm_it(c); },
    [&state](const delivery_failed& u) { state.lose(u.id); },
    [&state](const approval_revoked& a) { state.take_revocation(a.id, false); },
    [&state](const reversal_completed& r) { state.take_revocation(r.id, true); },
    [&state](tick_atom) { state.tick(); },
    [&state](const directory& d) { state.peers = d; },
  };
}

}  // namespace

std::shared_ptr<request_cache> make_request_cache(const known_requests& known, const environment& env,
                                                  std::shared_ptr<const store::sealer> sealer) {
  auto all = std::make_shared<request_cache>(std::move(sealer), env.remembered_max);
  for (const auto& k : known.transactions)
    all->add_kept(*k.what, k.is_operators, env, k.what->since);
  if (known.on_disk_alone_until)
    all->ask_journal_until(*known.on_disk_alone_until);
  return all;
}

idempotency_actor spawn_idempotency(caf::actor_system& system, environment_ptr env,
                                    std::shared_ptr<request_cache> remembered) {
  return system.spawn(idempotency, std::move(env), std::move(remembered));
}

}  // namespace actors
