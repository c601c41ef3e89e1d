// Answers for requests by id and by Idempotency-Key for 24 hours; for those that moved money also across
// restarts. It submits them to the dispatcher, tells the journal what clients have, and asks it for old keys.
//
// However often a request is repeated under one key, also in parallel, it is submitted once, and every client
// gets the same response. A refusal that says "nothing was sent" frees the key, so that the next request is a
// new one; a refusal that says "outcome unknown" is a result like any other and stays. An approval that no
// client fetches, or confirms, within its time is reversed; once that is durable, every client gets a
// refusal, and that does not change again.
//
// There may be more keys of transactions than memory holds. Once one was dropped, this actor asks the journal
// for every key that it does not have, before it takes a request for a new one.

#include "actors/transaction/idempotency.hpp"

#include "actors/core/default_handlers.hpp"
#include "actors/core/timeouts.hpp"
#include "actors/transaction/request_cache.hpp"
#include "codec/exchange/reversal.hpp"

namespace actors {

using namespace std::chrono_literals;

namespace {

// Every actor behind this one ends a request by its deadline. If one does not, this actor refuses it, before
// the session's own timeout.
constexpr auto end_timeout = answer_margin - 2 * request_cache::tick_period;

}  // namespace

namespace {

class idempotency_state {
public:
  static inline const char* name = "idempotency";

  explicit idempotency_state(idempotency_actor::pointer s) : self(s) {}
  ~idempotency_state() {
    if (!remembered)
      return;
    // Their clients get a failure, so the host must not get these requests any more; its approval of one that
    // it has is reversed as soon as it is known.
    for (auto& w : remembered->end_all_failed())
      if (peers.dispatcher)
        caf::anon_send(peers.dispatcher, std::move(w));
  }
  idempotency_state(const idempotency_state&) = delete;
  idempotency_state& operator=(const idempotency_state&) = delete;

  request_cache::promise take(keyed_submit& asked) {
    auto p = self->make_response_promise<request_status>();
    asked.key = asked.what.options.key = remembered->fingerprint(asked.key);
    asked.digest = asked.what.options.digest = asked.key.empty() ? "" : remembered->fingerprint(asked.digest);
    if (auto* known = remembered->find_key(asked.key)) {
      join(*known, asked.digest, p);
    } else if (remembered->must_ask_journal(asked.key, now())) {
      const auto key = asked.key, digest = asked.digest;
      ask_journal(key, {std::move(asked), digest, p});
    } else {
      take_anew(asked, p);
    }
    return p;
  }

  void take_anew(keyed_submit& asked, request_cache::promise& p) {
    const auto& host = env->upstreams.of(asked.what.upstream);
    asked.what.way = std::make_shared<way_to_host>();
    auto& added = remembered->add(asked, codec::moves_money(*asked.what.request, *host.dialect), now());
    added.waiting.push_back(p);
    remembered->begin(
      added, now() + (asked.what.deadline - self->clock().now()) + host.settings.host_timeout + end_timeout);
    self->request(peers.dispatcher, caf::infinite, std::move(asked.what))
      .then(
        [this, id = asked.id](answer& a) { end(id, std::move(a.response), {}, a.delivery_of, a.hand.of()); },
        [this, id = asked.id](caf::error& e) {
          if (auto* known = remembered->find(id))
            known->now.detail = detail_of(e);
          end(id, nullptr, refusal_of(e), 0);
        });
  }

  request_cache::promise look_up(const lookup& asked) {
    auto p = self->make_response_promise<request_status>();
    auto* known = remembered->find(asked.id);
    if (!known)
      p.deliver(request_status{});
    else if (request_cache::is_being_revoked(*known, now()))
      known->waiting.push_back(p);
    else if (asked.unseen)
      p.deliver(request_cache::status_of(*known));
    else
      give(*known, p);
    return p;
  }

  request_cache::promise look_up_key(const lookup_by_key& asked) {
    auto p = self->make_response_promise<request_status>();
    const auto key = remembered->fingerprint(asked.key), digest = remembered->fingerprint(asked.digest);
    if (auto* known = remembered->find_key(key))
      join(*known, digest, p);
    else if (remembered->must_ask_journal(key, now()))
      ask_journal(key, {std::nullopt, digest, p});
    else
      p.deliver(request_status{});
    return p;
  }

  // The client confirms that it has the response.
  request_cache::promise confirm_it(const confirm& asked) {
    auto p = self->make_response_promise<request_status>();
    auto* known = remembered->find(asked.id);
    if (!known) {
      p.deliver(request_status{});
      return p;
    }
    // It is being reversed: the reply is the reversal's result.
    if (request_cache::is_being_revoked(*known, now())) {
      known->waiting.push_back(p);
    } else if (request::is_open_approval(known->phase)) {
      // The confirmation is durable before the reply: after the reply nothing reverses the transaction.
      self
        ->request(peers.journal, caf::infinite,
                  commit{decision{decision::kind::delivered, known->now.delivery_of}})
        .then([this, id = asked.id, p](const committed&) { confirmed(id, p); },
              [this, id = asked.id, p](caf::error&) { not_confirmed(id, p); });
    } else {
      request_cache::reply_with(*known, p);
    }
    return p;
  }

  void take_delivery_failed(const std::string& id) {
    if (auto* r = remembered->find(id))
      remembered->delivery_failed(*r, now());
  }

  void revoked(const std::string& id) {
    if (auto* r = remembered->find(id))
      remembered->revoked(*r);
  }

  void reversal_completed(const std::string& id) {
    if (auto* r = remembered->find(id))
      remembered->reversal_completed(*r);
  }

  void reversed_by_client(const std::string& id) {
    if (auto* r = remembered->find(id))
      remembered->reversed_by_client(*r);
  }

  void tick() {
    remembered->forget_old(now());
    for (auto* r : remembered->take_overdue(now()))
      give_up(*r);
    for (const auto& id : remembered->take_unfetched(now())) {
      // The reply comes when the decision is durable. If the journal refuses, the client has its approval.
      self
        ->request(peers.journal, caf::infinite,
                  request_reversal{remembered->find(id)->now.delivery_of, cause::undelivered})
        .then([this, id](const committed&) { revoked(id); }, [this, id](caf::error&) { stands(id); });
    }
    self->delayed_send(self, request_cache::tick_period, tick_atom::value);
  }

  idempotency_actor::pointer self;
  environment_ptr env;
  directory peers;
  std::shared_ptr<request_cache> remembered;

private:
  time_point now() { return remembered->look_at_clock(self->clock().now()); }

  // Its end may never come here, and an approval may stand, or may come. So the clients get a failure only
  // when its reversal is durable, or where the journal has nothing to reverse.
  void give_up(request_cache::entry& overdue) {
    if (!overdue.has_ended() && overdue.withdraw_unsent()) {
      self->send(peers.dispatcher, withdraw{overdue.tid, overdue.journal_id});
      return remembered->end(overdue, nullptr, refusal::failed_unsent, 0);
    }
    self->send(peers.dispatcher, withdraw{overdue.tid, overdue.journal_id, true});
    const auto fail = [this, id = overdue.now.id] {
      if (auto* known = remembered->find(id); known && !known->has_ended())
        remembered->end(*known, nullptr, refusal::failed_unknown, 0);
    };
    if (!overdue.moves_money)
      return fail();
    self->request(peers.journal, caf::infinite, request_reversal{overdue.journal_id, cause::failed})
      .then([fail](const committed&) { fail(); }, [fail](caf::error&) { fail(); });
  }

  // Other requests with the same key wait for the same reply.
  void ask_journal(const std::string& key, request_cache::inquirer i) {
    if (!remembered->wait_for_journal(key, std::move(i)))
      return;
    self->request(peers.journal, env->settings.queue.timeout + end_timeout, find_by_key{key})
      .then([this, key](const found_by_key& f) { take_found(key, f); },
            [this, key](caf::error&) {
              // The host may have approved it before, so a new request would be a second charge.
              for (auto& waiting : remembered->take_inquirers(key))
                waiting.p.deliver(caf::make_error(refusal::failed_unknown));
            });
  }

  // The journal has its delivery. Clients are told so when that is durable.
  void stands(const std::string& id) {
    auto* r = remembered->find(id);
    if (!r)
      return;
    const auto delivered = [this, id] {
      if (auto* known = remembered->find(id))
        remembered->delivered(*known);
    };
    self
      ->request(peers.journal, caf::infinite, commit{decision{decision::kind::delivered, r->now.delivery_of}})
      .then([delivered](const committed&) { delivered(); }, [delivered](caf::error&) { delivered(); });
  }

  void take_found(const std::string& key, const found_by_key& found) {
    if (found.what)
      remembered->add_known(*found.what, found.is_operators, *env, now());
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

  void join(request_cache::entry& known, const std::string& digest, request_cache::promise& p) {
    if (known.digest != digest) {
      p.deliver(caf::make_error(refusal::other_content));
    } else if (!known.has_ended() || request_cache::is_being_revoked(known, now())) {
      known.waiting.push_back(p);
    } else {
      give(known, p);
    }
  }

  void give(request_cache::entry& known, request_cache::promise& p) {
    known.given_to_several = true;
    remembered->give(known, now());
    request_cache::reply_with(known, p);
  }

  void confirmed(const std::string& id, request_cache::promise p) {
    if (auto* r = remembered->find(id)) {
      remembered->delivered(*r);
      return request_cache::reply_with(*r, p);
    }
    p.deliver(request_status{});
  }

  // It is being reversed, or its delivery is known already.
  void not_confirmed(const std::string& id, request_cache::promise p) {
    auto* r = remembered->find(id);
    if (r && request_cache::is_being_revoked(*r, now()))
      r->waiting.push_back(p);
    else
      confirmed(id, p);
  }

  void end(const std::string& id, message_ptr response, std::optional<refusal> refused,
           transaction_id delivery_of, std::shared_ptr<custody> hands = {}) {
    auto* known = remembered->find(id);
    if (!known)
      return;
    // It had ended by its deadline: the clients got a failure.
    if (known->has_ended()) {
      if (delivery_of != 0)
        caf::anon_send(peers.journal, request_reversal{delivery_of, cause::undelivered});
      return;
    }
    const bool is_revoked = hands && hands->revoked;
    remembered->end(*known, std::move(response), refused, delivery_of, std::move(hands));
    remembered->give(*known, now());
    // The journal's message that this is durable may have come before.
    if (is_revoked)
      self->request(peers.journal, caf::infinite, request_reversal{delivery_of, cause::undelivered})
        .then([this, id](const committed&) { revoked(id); }, [this, id](caf::error&) { revoked(id); });
  }
};

idempotency_actor::behavior_type idempotency(idempotency_actor::stateful_pointer<idempotency_state> self,
                                             environment_ptr env, std::shared_ptr<request_cache> remembered) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.remembered = std::move(remembered);
  self->delayed_send(self, request_cache::tick_period, tick_atom::value);
  return {
    [&state](keyed_submit& d) { return state.take(d); },
    [&state](const lookup& l) { return state.look_up(l); },
    [&state](const lookup_by_key& r) { return state.look_up_key(r); },
    [&state](const confirm& c) { return state.confirm_it(c); },
    [&state](const delivery_failed& u) { state.take_delivery_failed(u.id); },
    [&state](const approval_revoked& a) { state.revoked(a.id); },
    [&state](const reversal_completed& r) { state.reversal_completed(r.id); },
    [&state](const reversed_by_client& r) { state.reversed_by_client(r.id); },
    [&state](tick_atom) { state.tick(); },
    [&state](const directory& d) { state.peers = d; },
  };
}

}  // namespace

std::shared_ptr<request_cache> make_request_cache(const known_requests& known, const environment& env,
                                                  std::shared_ptr<const store::sealer> sealer) {
  auto all = std::make_shared<request_cache>(std::move(sealer), std::min(env.keys_max, env.remembered_max));
  for (const auto& k : known.transactions)
    all->add_known(*k.what, k.is_operators, env, k.what->since);
  if (known.on_disk_alone_until)
    all->ask_journal_until(*known.on_disk_alone_until);
  return all;
}

idempotency_actor spawn_idempotency(caf::actor_system& system, environment_ptr env,
                                    std::shared_ptr<request_cache> remembered) {
  return system.spawn(idempotency, std::move(env), std::move(remembered));
}

}  // namespace actors
