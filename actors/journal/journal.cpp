// The journal writes decisions durably before another actor acts on them, and has all open transactions.
//
// It changes the book with each decision at once, and replies when the decision is durable (write_queue); the
// reversal supervisor gets a case only then. If anything fails here, the process ends before another byte
// leaves: the next start replays what is durable. It never sends anything to the host or to a client.

#include "actors/journal/journal.hpp"

#include <set>

#include "actors/core/default_handlers.hpp"
#include "actors/core/lived_clock.hpp"
#include "actors/core/message_log.hpp"
#include "actors/journal/durable_cases.hpp"
#include "actors/journal/journal_records.hpp"
#include "actors/journal/journal_report.hpp"
#include "actors/journal/key_search.hpp"
#include "actors/journal/late_responses.hpp"
#include "actors/journal/note_unanswered.hpp"
#include "actors/journal/own_reversals.hpp"
#include "actors/journal/own_stans.hpp"
#include "actors/journal/reversal_waiters.hpp"
#include "actors/journal/sweep.hpp"
#include "actors/journal/write_queue.hpp"
#include "actors/transaction/operator_decision.hpp"
#include "actors/transaction/transaction_record.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"
#include "config/duration.hpp"

namespace actors {

namespace log = config::log;

namespace {

using lifecycle::action;
using lifecycle::state;
using kind = decision::kind;

constexpr std::chrono::seconds sweep_period{1};  // so long lazily logged records may wait for a batch

using journal_self = journal_actor::extend<caf::reacts_to<written>, caf::reacts_to<looked_up>>;

class journal_state {
public:
  static inline const char* name = "journal";

  explicit journal_state(journal_self::pointer s) : self(s) {}

  caf::typed_response_promise<committed> commit_decision(decision& d) {
    auto promise = self->make_response_promise<committed>();
    if (d.what == kind::intent)
      return keep_intent(d, promise);
    // What its client has taken back meanwhile is reversed: the host may have approved it behind that.
    if (d.what == kind::approved && pages().is_taken_back(d.id))
      promise.deliver(caf::make_error(refusal::being_reversed_by_client));
    // A confirmation that is repeated is answered when the first one is durable.
    else if (record(d) || (d.what == kind::delivered && pages().has_approved(d.id)))
      writes.when_durable([promise]() mutable { promise.deliver(committed{}); });
    else
      promise.deliver(caf::make_error(refusal::failed_unknown));
    return promise;
  }

  caf::typed_response_promise<committed> join_reversal(const join& j) {
    auto promise = self->make_response_promise<committed>();
    if (!joins(*j.reversal, promise))
      promise.deliver(committed{});
    return promise;
  }

  caf::typed_response_promise<committed> reverse(const request_reversal& asked) {
    auto promise = self->make_response_promise<committed>();
    // A transaction that has ended needs no reversal; only a late response of the host opens it again.
    const auto* t = pages().find(asked.id);
    if (t && t->state == state::reversed) {  // who asks was not there as that was told
      promise.deliver(committed{});
      tell_idempotency<reversal_completed>(*t);
    } else if (!t || lifecycle::is_final(t->state) ||
               !begin_reversal(asked, [promise]() mutable { promise.deliver(committed{}); })) {
      promise.deliver(caf::make_error(refusal::failed_unknown));
    }
    return promise;
  }
  // A response without a request in flight may still change a transaction.
  void take_unmatched(const unmatched_response& unmatched) {
    if (const auto m = late.meaning_of(unmatched, pages(), env->upstreams.dialect_of(unmatched.upstream)))
      for (const auto a : m->actions)
        act(a, m->id, unmatched.response);
  }
  caf::typed_response_promise<committed> take_unanswered(const request_without_money& r) {
    return note_sent(r, *env, pages(), writes, self->clock().now(), self->make_response_promise<committed>());
  }
  void take_answered(transaction_id id) { pages().answered_without_money(id, self->clock().now()); }
  void log_decision(const log_lazily& n) {
    const auto attempt = attempt_with_original(n.what, pages());
    record(attempt ? *attempt : n.what);
  }
  std::int64_t wall() const { return env->local_time().time_since_epoch().count(); }

  caf::typed_response_promise<answer> await_end(const await_reversal& asked) {
    return waiting_clients.reply(asked.id, pages(), self->make_response_promise<answer>());
  }

  caf::typed_response_promise<found_by_key> find_by_key(const find_by_key& l) {
    return search.find(l.key, self->make_response_promise<found_by_key>());
  }
  found_confirmed confirmed(const find_confirmed& f) { return {pages().confirmed(*f.by, f.earlier)}; }
  background background_of(const transaction* t, bool of_reversal = true) {
    if (!t)
      return {.has_namesake = true};
    const auto* meant = pages().meant_by(*t);
    return {pages().has_namesake(*t, of_reversal, self->clock().now(), wall()),
            meant && meant->state == state::approved, pages().begun_of(*t), pages().meaning_of(*t)};
  }
  cases_page list_cases(const cases_after& asked) { return durable_page(pages(), asked.after, unwritten); }
  std::vector<transaction> list_all() { return durable_ones(pages().cases(), unwritten); }

  // In one handler, so no other message can change the transaction between the check and the decision.
  caf::typed_response_promise<operator_reply> take_operator_decision(const operator_decision& asked) {
    auto promise = self->make_response_promise<operator_reply>();
    if (auto why = why_not(asked, pages().find(asked.id)); !why.empty())
      promise.deliver(operator_reply{false, std::move(why)});
    else if (asked.what == operator_decision::kind::reverse)
      begin_reversal(
        {asked.id, cause::operator_, nullptr, "by the operator (" + asked.who + "): " + asked.why},
        [promise, id = asked.id]() mutable {
          promise.deliver(operator_reply{true, "Case " + std::to_string(id) + " is being reversed"});
        });
    else
      end_unconfirmed(asked.id, asked.who, asked.why, [promise, id = asked.id]() mutable {
        promise.deliver(operator_reply{true, "Case " + std::to_string(id) + " is off the list, as approved"});
      });
    return promise;
  }

  caf::typed_response_promise<drain_atom> drain() {
    auto promise = self->make_response_promise<drain_atom>();
    writes.when_durable([promise]() mutable { promise.deliver(drain_atom::value); });
    return promise;
  }

  void tick() {
    const auto now = self->clock().now(), lived = clock.look(now);
    for (const auto id : pages().forget_ended_before(now - book::retention, parts.writer != nullptr))
      if (parts.writer)
        writes.next().forgotten.push_back(id);
    pages().forget_unanswered(now, wall());
    reserve_stans(*env, pages(), writes);
    const auto due = sweeper.look(pages(), env->settings.delivery, lived - started);
    for (const auto& r : due.to_reverse)
      begin_reversal(r, [] {});
    for (const auto id : due.to_end)
      end_unconfirmed(id, "policy",
                      "unconfirmed for " + config::in_words(env->settings.delivery.unconfirmed_age), [] {});
    // A reversal may have blocked its terminal for the longest time.
    for (const auto& tid : std::vector<std::string>(blocked.begin(), blocked.end()))
      unblock_if_free(tid);
    writes.tick();
    self->send(peers.stats, report_on(pages(), blocked.size(), writes.room(), now));
    self->delayed_send(self, sweep_period, tick_atom::value);
  }

  void take_result(const written& w) {
    if (!w.result.problem.empty())
      return env->panic("the journal cannot be written: " + w.result.problem);
    writes.take_result(w.result.room);
  }

  void start(environment_ptr with, journal_parts those) {
    env = std::move(with);
    parts = std::move(those);
    const auto me = caf::actor_cast<caf::actor>(self);
    writes.start(parts.writer, [me](store::writer::result r) { caf::anon_send(me, written{std::move(r)}); });
    go_on_with_stans(*env, pages());
    search.start(env, parts, writes, [me](looked_up l) { caf::anon_send(me, std::move(l)); });
    self->delayed_send(self, sweep_period, tick_atom::value);
  }

  journal_self::pointer self;
  environment_ptr env;
  journal_parts parts;
  directory peers;
  key_search search;

private:
  book& pages() { return *parts.pages; }

  void act(action a, transaction_id id, const message_ptr& response) {
    switch (a) {
      case action::await_first_response: return late.keep(id, response);
      case action::record_late_approval: record({kind::approved_late, id, response}); return;
      case action::tell_reversal: self->send(peers.reversals, late_response{id, response}); return;
      case action::reopen:
        log_reopened(*pages().find(id), *response);
        return void(begin_reversal({id, cause::late_approval, response}, [] {}));
      case action::warn_of_decline: return log_contradiction(*pages().find(id), *response);
      default: return;
    }
  }

  caf::typed_response_promise<committed> keep_intent(decision& intent,
                                                     caf::typed_response_promise<committed>& promise) {
    const bool is_reversal = codec::is_reversal(*intent.message);
    if (is_reversal && joins(*intent.message, promise))
      return promise;
    const bool is_clear = !is_reversal || !pages().may_mean_several_hosts(*intent.message);
    const auto renumbered = give_stan(intent, pages(), *env, writes);
    intent.host_mark = env->mark_of(intent.upstream);
    if (!is_clear) {
      promise.deliver(caf::make_error(refusal::original_unclear));
    } else if (!writes.has_room() && !is_reversal) {
      promise.deliver(caf::make_error(refusal::journal_full));
    } else if (const auto* other = stan_holder(*intent.message, pages(), *env)) {
      log_stan_in_use(intent, *other);
      promise.deliver(caf::make_error(refusal::stan_in_use));
    } else if (is_blocked(codec::terminal_of(*intent.message))) {
      blocked.insert(codec::terminal_of(*intent.message));
      promise.deliver(caf::make_error(refusal::not_yet));
    } else if (const auto* t = record(intent); !t) {
      promise.deliver(caf::make_error(refusal::failed_unsent));
    } else {
      unwritten.insert(intent.id);
      committed reply{in_hand(t->hands), 0, renumbered, intent.upstream, background_of(t, is_reversal)};
      writes.when_durable([this, promise, id = intent.id, reply = std::move(reply)]() mutable {
        unwritten.erase(id);
        promise.deliver(std::move(reply));
      });
    }
    return promise;
  }

  bool is_blocked(const std::string& tid) {
    return pages().terminal_blocked(tid, env->settings.queue.lock_terminal, self->clock().now());
  }

  // Queues wait for `terminal_free`.
  void unblock_if_free(const std::string& tid) {
    if (blocked.contains(tid) && !is_blocked(tid)) {
      blocked.erase(tid);
      self->send(peers.dispatcher, terminal_free{tid});
    }
  }

  // True if `reversal` means a transaction that is being reversed, from now on where its client asks for it.
  bool joins(const codec::message& reversal, caf::typed_response_promise<committed>& promise) {
    if (const auto known = approval_known_by(reversal, pages()))
      record(*known);
    const auto* original = pages().original_of(reversal);
    if (!original)
      return false;
    log_joined(reversal, *original);
    if (original->state == state::parked)  // else it is tried in 15 minutes, or when an operator asks for it
      caf::anon_send(peers.reversals, retry{original->id});
    begin_reversal({original->id, cause::client_reversal}, [promise, id = original->id]() mutable {
      promise.deliver(committed{{}, id});
    });
    return true;
  }

  // After an approval, that the reversal is due must be durable before another actor acts on it; before, the
  // intent is enough. False if the client has its approval: that stands.
  bool begin_reversal(const request_reversal& asked, std::function<void()> then) {
    const auto* t = pages().find(asked.id);
    if (!t || t->state == state::approved)
      return false;
    const bool must_be_durable = t->state != state::intent || unwritten.contains(asked.id);
    decision d{kind::reversal_due, asked.id, asked.response};
    d.because = asked.because;
    d.why = asked.why.empty() ? std::string(to_string(asked.because)) : asked.why;
    if (!record(d)) {
      writes.when_durable(std::move(then));
      return true;
    }
    // Actors that have the approval in hand see `revoked` at once; others get a message when this is durable.
    log_due(*t, env->settings.delivery.no_auto_reversal);
    const auto tid = codec::terminal_of(*t->request);
    blocked.insert(tid);
    self->send(peers.dispatcher, terminal_blocked{tid});
    const auto open = [this, id = asked.id, then = std::move(then)] {
      const auto* due = pages().find(id);
      // Before the reply: from here on no client is shown the approval.
      if (due)
        tell_idempotency<approval_revoked>(*due);
      then();
      if (due && due->state == state::reversal_due)
        self->send(peers.reversals, open_case{*due});
    };
    if (!must_be_durable) {
      open();
      return true;
    }
    unwritten.insert(asked.id);
    writes.when_durable([this, id = asked.id, open] {
      unwritten.erase(id);
      open();
    });
    return true;
  }

  // Closes an unconfirmed case as approved.
  void end_unconfirmed(transaction_id id, const std::string& who, const std::string& why,
                       std::function<void()> then) {
    decision d{kind::closed, id};
    d.why = why;
    d.who = who;
    d.outcome = state::approved;
    record(d);
    const auto& t = *pages().find(id);
    writes.when_durable([of = log::subject(subject_of(t)), label = codec::label(*t.request), who, why, then] {
      log::warning(of, "Case {} ({}) is closed as approved by {}: {}", of.transaction, label, who,
                   codec::masked_text(why));
      then();
    });
  }

  // Applies `d` to the book and adds it to the next batch; nullptr if its transaction's state forbids it.
  const transaction* record(const decision& d) {
    const auto at = wall();
    const auto* t = pages().apply(d, self->clock().now(), at);
    if (!t)
      return nullptr;
    const auto& dialect = pages().dialect_of(*t);
    if (parts.writer)
      write_decision(writes.next(), d, at, dialect, *parts.sealer);
    if (t->because != cause::none)
      self->send(peers.stats, change_of(*t, d, dialect));
    if (d.what == kind::closed)
      announce_end(*t, d);
    if (auto early = late.release(*t, dialect))
      take_unmatched(*early);
    if (!blocked.empty())
      unblock_if_free(codec::terminal_of(*t->request));
    // In one batch: a start finds both, or neither.
    if (const auto end = end_by_client(t->original != 0 ? t->original : t->id, pages()))
      record(*end);
    return t;
  }

  void announce_end(const transaction& t, const decision& d) {
    waiting_clients.deliver(t, pages().dialect_of(t));
    // A client may have been told that it is being reversed; now the host has no money for it.
    if (d.because == cause::client_reversal)
      tell_idempotency<reversed_by_client>(t);
    else if (holds_nothing(t, pages().dialect_of(t)))
      tell_idempotency<reversal_completed>(t);
  }

  template <class Message>
  void tell_idempotency(const transaction& t) {
    if (!t.options.public_id.empty())
      self->send(peers.idempotency, Message{t.options.public_id});
  }

  lived_clock clock;
  const time_point started = clock.look(self->clock().now());
  sweep sweeper;
  write_queue writes;
  late_responses late;
  std::set<std::string> blocked;       // terminals whose queues wait for `terminal_free`
  std::set<transaction_id> unwritten;  // their intent, or that they are to be reversed, is not durable yet
  reversal_waiters waiting_clients;
};

journal_self::behavior_type journal(journal_self::stateful_pointer<journal_state> self, environment_ptr env,
                                    journal_parts parts) {
  with_default_handlers(self);
  auto& state = self->state;
  state.start(std::move(env), std::move(parts));
  return {
    [&state](commit& k) { return state.commit_decision(k.what); },
    [&state](const join& j) { return state.join_reversal(j); },
    [&state](const log_lazily& n) { state.log_decision(n); },
    [&state](const written& w) { state.take_result(w); },
    [&state](const looked_up& l) { state.search.take(l, state.self->clock().now()); },
    [&state](const find_by_key& l) { return state.find_by_key(l); },
    [&state](const find_background& f) { return state.background_of(state.parts.pages->find(f.id)); },
    [&state](const find_confirmed& f) { return state.confirmed(f); },
    [&state](const request_reversal& u) { return state.reverse(u); },
    [&state](const unmatched_response& s) { state.take_unmatched(s); },
    [&state](const request_without_money& r) { return state.take_unanswered(r); },
    [&state](const request_is_answered& r) { state.take_answered(r.id); },
    [&state](const await_reversal& a) { return state.await_end(a); },
    [&state](cases_atom) { return state.list_all(); },
    [&state](const cases_after& a) { return state.list_cases(a); },
    [&state](const operator_decision& w) { return state.take_operator_decision(w); },
    [&state](drain_atom) { return state.drain(); },
    [&state](tick_atom) { state.tick(); },
    [&state](const directory& d) { state.peers = d; },
  };
}

}  // namespace

journal_actor spawn_journal(caf::actor_system& system, environment_ptr env, journal_parts parts) {
  return system.spawn(journal, std::move(env), std::move(parts));
}

}  // namespace actors
