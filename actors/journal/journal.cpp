// Writes decisions durably before anyone acts on them, and knows all that is open.
//
// One batch is being written at a time; whatever is decided meanwhile is the next one, so the disk sets the
// pace and nobody waits for a timer. The book changes as soon as a decision is made, whoever waits is told
// when it is durable. Of what is to be reversed the reversal supervisor hears only then. Should anything fail
// here, the process ends before another byte leaves: half a journal is none, and the next start replays what
// is durable.

#include "actors/journal/journal.hpp"

#include <ctime>
#include <set>
#include <unordered_map>

#include "actors/core/default_handlers.hpp"
#include "actors/core/lived_clock.hpp"
#include "actors/core/timeouts.hpp"
#include "actors/journal/journal_records.hpp"
#include "actors/transaction/operator_decision.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masking.hpp"
#include "config/duration.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

using lifecycle::action;
using lifecycle::event;
using lifecycle::state;
using kind = decision::kind;

// How long lazy records may wait for company.
constexpr auto sweep_period = 1s;

struct written {
  store::writer::result result;
};

struct looked_up {
  std::uint64_t number;
  store::found_records found;
};

}  // namespace

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::written)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::looked_up)

namespace actors {

namespace {

using journal_self = journal_actor::extend<caf::reacts_to<written>, caf::reacts_to<looked_up>>;

class journal_state {
public:
  static inline const char* name = "journal";

  explicit journal_state(journal_self::pointer s) : self(s) {}

  caf::typed_response_promise<committed> commit_decision(commit& k) {
    auto promise = self->make_response_promise<committed>();
    if (k.what.what == kind::intent)
      return keep_intent(k.what, promise);
    if (!record(k.what)) {
      promise.deliver(caf::make_error(refusal::failed_unknown));
      return promise;
    }
    when_durable([promise]() mutable { promise.deliver(committed{}); });
    return promise;
  }

  caf::typed_response_promise<committed> join_reversal(const join& j) {
    auto promise = self->make_response_promise<committed>();
    if (!joins(*j.reversal, promise))
      promise.deliver(committed{});
    return promise;
  }

  void log_decision(const log_lazily& n) { record(n.what); }

  caf::typed_response_promise<committed> reverse(const request_reversal& u) {
    auto promise = self->make_response_promise<committed>();
    // What has ended needs no undoing; only the host's own late word opens it again.
    const auto* p = pages().find(u.id);
    if (!p || lifecycle::is_final(p->state) ||
        !begin_reversal(u, [promise]() mutable { promise.deliver(committed{}); }))
      promise.deliver(caf::make_error(refusal::failed_unknown));
    return promise;
  }

  // A response that no request waits for may still say something about the money.
  void take_unmatched(const unmatched_response& u) {
    const auto& response = *u.response;
    const auto* t = pages().match(response);
    if (!t || !codec::moves_money(*t->request, env->dialect))
      return;
    const bool approved = codec::reply_of(response, env->dialect) == codec::reply::approved;
    // The host may repeat its approval of what has been reversed; that is no new transaction.
    if (approved && lifecycle::is_final(t->state) && !t->reversed_reference.empty() &&
        t->reversed_reference == response[codec::fields::reference])
      return;
    const auto* r = lifecycle::step(t->state, approved ? event::late_approval : event::late_decline);
    if (!r)
      return;
    for (const auto a : r->actions)
      act(a, t->id, u.response);
  }

  caf::typed_response_promise<answer> await_end(const await_reversal& a) {
    auto promise = self->make_response_promise<answer>();
    const auto* p = pages().find(a.id);
    if (!p || p->state == state::approved)
      promise.deliver(caf::make_error(refusal::failed_unknown));
    else if (lifecycle::is_final(p->state))
      promise.deliver(ending_of(*p));
    else
      awaited[a.id].push_back(promise);
    return promise;
  }

  caf::typed_response_promise<found_by_key> find_by_key(const find_by_key& l) {
    auto promise = self->make_response_promise<found_by_key>();
    if (parts.writer)
      look_up({l.key, promise});
    else
      promise.deliver(found_by_key{});
    return promise;
  }

  void take_found(const looked_up& l) {
    if (!l.found.problem.empty())
      return env->panic("the journal cannot be read: " + l.found.problem);
    auto asked = std::move(lookups.extract(l.number).mapped());
    if (l.found.records.empty()) {
      asked.promise.deliver(found_by_key{});
      return;
    }
    const auto id = l.found.records.front().purchase;
    // What is here is newer than what is on the disk.
    if (const auto* p = pages().find(id)) {
      asked.promise.deliver(found_by_key{*p, pages().is_operators(*p)});
      return;
    }
    book of_disk(env->dialect);
    if (const auto why = replay(of_disk, {l.found.records, {}, pages().adopted()}, env->dialect,
                                *parts.sealer, self->clock().now());
        !why.empty())
      return env->panic("the journal cannot be read: " + why);
    const auto& p = *of_disk.find(id);
    // Only what has ended leaves the book, so its end is on its way to the disk.
    if (!lifecycle::is_final(p.state) && !std::exchange(asked.waited, true))
      return when_durable([this, asked] { look_up(asked); });
    asked.promise.deliver(found_by_key{p, false});
  }

  // A case that is not durable yet is left out: the supervisor is told of it by `open_case` when it is.
  std::vector<transaction> cases() {
    auto all = pages().cases();
    std::erase_if(all, [this](const transaction& p) { return unwritten.contains(p.id); });
    return all;
  }

  cases_page list_cases(const cases_after& a) {
    cases_page page{pages().cases_after(a.after, cases_page_max)};
    if (page.cases.size() == cases_page_max)
      page.next = page.cases.back().id;
    std::erase_if(page.cases, [this](const transaction& p) { return unwritten.contains(p.id); });
    return page;
  }

  // Here nothing can come between the look at a purchase and what is done to it.
  caf::typed_response_promise<operator_reply> take_word(const operator_decision& w) {
    auto promise = self->make_response_promise<operator_reply>();
    if (auto why = why_not(w, pages().find(w.id)); !why.empty())
      promise.deliver(operator_reply{false, std::move(why)});
    else if (w.what == operator_decision::kind::reverse)
      begin_reversal(
        {w.id, cause::operator_, nullptr, "by the operator (" + w.who + "): " + w.why},
        [promise, id = w.id]() mutable {
          promise.deliver(operator_reply{true, "Case " + std::to_string(id) + " is being reversed"});
        });
    else
      end_unconfirmed(w.id, w.who, w.why, [promise, id = w.id]() mutable {
        promise.deliver(operator_reply{true, "Case " + std::to_string(id) + " is off the list, as approved"});
      });
    return promise;
  }

  caf::typed_response_promise<drain_atom> drain() {
    auto promise = self->make_response_promise<drain_atom>();
    when_durable([promise]() mutable { promise.deliver(drain_atom::value); });
    return promise;
  }

  void tick() {
    const auto now = self->clock().now(), lived = clock.look(now);
    for (const auto id : pages().forget_ended_before(now - book::retention, parts.writer != nullptr))
      if (parts.writer)
        waiting.what.forgotten.push_back(id);
    reverse_abandoned();
    // Some reversal has blocked its terminal for long enough.
    for (const auto& tid : std::vector<std::string>(blocked.begin(), blocked.end()))
      look_at_blocked(tid);
    // By policy; those with an id have the registry to wait for their clients.
    if (env->settings.unconfirmed == "reverse" && lived - started >= fetch_timeout &&
        !std::exchange(reversed_unconfirmed, true))
      for (const auto& p : pages().cases())
        if (p.state == state::unconfirmed && p.options.public_id.empty() && !pages().is_operators(p))
          begin_reversal({p.id, cause::unconfirmed}, [] {});
    end_aged(lived - started);
    // What is refused writes nothing, so whether there is room again must be asked.
    if (!has_room && !writing)
      write();
    write_on();
    self->delayed_send(self, sweep_period, tick_atom::value);
  }

  void take_result(const written& w) {
    if (!w.result.problem.empty())
      return env->panic("the journal cannot be written: " + w.result.problem);
    if (std::exchange(has_room, w.result.has_room) != w.result.has_room)
      log::warning(
        "{}", has_room ? "The journal's disk has room again"
                       : "The journal's disk is nearly full: new purchases are refused until there is room");
    writing = false;
    for (auto& then : std::exchange(being_written, {}))
      then();
    write_on();
  }

  void learn(const directory& d) { peers = d; }

  journal_self::pointer self;
  environment_ptr env;
  journal_parts parts;

private:
  struct next_batch {
    store::batch what;
    std::vector<std::function<void()>> then;
  };

  struct inquiry {
    std::string key;
    caf::typed_response_promise<found_by_key> promise;
    bool waited = false;  ///< for what was decided before it
  };

  book& pages() { return *parts.pages; }

  void act(action a, transaction_id id, const message_ptr& response) {
    switch (a) {
      case action::await_first_response: early_approvals[id] = response; return;
      case action::record_late_approval: record({kind::heard, id, response}); return;
      case action::tell_reversal: self->send(peers.reversals, late_response{id, response}); return;
      case action::reopen:
        log::error("{}: the host approves what had ended as {}; it is reversed (case {})",
                   codec::label(*response), to_string(pages().find(id)->state), id);
        begin_reversal({id, cause::late_approval, response}, [] {});
        return;
      case action::warn_of_decline:
        return log::error(
          "{}: the host declines what it has approved before (transaction {}); the first answer stands",
          codec::label(*response), id);
      default: return;
    }
  }

  void look_up(inquiry asked) {
    auto key = asked.key;
    lookups.emplace(++last_lookup, std::move(asked));
    parts.writer->find(
      std::move(key), [to = caf::actor_cast<caf::actor>(self), number = last_lookup](store::found_records f) {
        caf::anon_send(to, looked_up{number, std::move(f)});
      });
  }

  caf::typed_response_promise<committed> keep_intent(decision& d,
                                                     caf::typed_response_promise<committed>& promise) {
    const auto& request = *d.message;
    const bool is_reversal = codec::is_reversal(request);
    if (is_reversal && joins(request, promise))
      return promise;
    if (!has_room && !is_reversal) {
      promise.deliver(caf::make_error(refusal::journal_full));
    } else if (const auto* other = pages().find_stan_conflict(request, env->settings.stan_scope == "day")) {
      log::warning("{} is refused: TID and STAN are those of purchase {}, which is {}", codec::label(request),
                   other->id, to_string(other->state));
      promise.deliver(caf::make_error(refusal::stan_in_use));
    } else if (is_blocked(codec::terminal_of(request))) {
      blocked.insert(codec::terminal_of(request));
      promise.deliver(caf::make_error(refusal::not_yet));
    } else if (!record(d)) {
      promise.deliver(caf::make_error(refusal::failed_unsent));
    } else {
      unwritten.insert(d.id);
      when_durable([this, promise, id = d.id, hand = in_hand(pages().find(d.id)->hands)]() mutable {
        unwritten.erase(id);
        promise.deliver(committed{std::move(hand)});
      });
    }
    return promise;
  }

  // The actor that had these in hand has stopped without telling us. A message about one may still lie in a
  // mailbox, so it is reversed only when nobody has had it in hand at two ticks.
  void reverse_abandoned() {
    auto now_abandoned = pages().abandoned();
    for (const auto id : now_abandoned)
      if (abandoned.contains(id))
        begin_reversal({id, pages().find(id)->state == state::intent ? cause::failed : cause::undelivered},
                       [] {});
    abandoned = std::move(now_abandoned);
  }

  bool is_blocked(const std::string& tid) {
    return pages().terminal_blocked(tid, env->settings.queue_lock_terminal, self->clock().now());
  }

  // Those who wait for a terminal are told when it is free.
  void look_at_blocked(const std::string& tid) {
    if (blocked.contains(tid) && !is_blocked(tid)) {
      blocked.erase(tid);
      self->send(peers.dispatcher, terminal_free{tid});
    }
  }

  // A client's reversal of what is being reversed, or is from now on because its client wants it.
  bool joins(const codec::message& reversal, caf::typed_response_promise<committed>& promise) {
    const auto* original = pages().original_of(reversal);
    if (!original)
      return false;
    log::info("{}: the purchase is being reversed (case {})", codec::label(reversal), original->id);
    begin_reversal({original->id, cause::client_reversal}, [promise, id = original->id]() mutable {
      promise.deliver(committed{{}, id});
    });
    return true;
  }

  // From an approval on, that it is due must be durable before anyone acts on it; before, the intent alone
  // says so. False where the client has its approval: that stands.
  bool begin_reversal(const request_reversal& u, std::function<void()> then) {
    auto* p = pages().find(u.id);
    if (!p || p->state == state::approved)
      return false;
    const bool must_be_durable = p->state != state::intent || unwritten.contains(u.id);
    decision d{kind::reversal_due, u.id, u.response};
    d.because = u.because;
    d.why = u.why.empty() ? std::string(to_string(u.because)) : u.why;
    if (!record(d)) {
      when_durable(std::move(then));
      return true;
    }
    // Those who have its approval in hand look whether it is revoked; others are told when this is durable.
    log::warning(
      "{} is {} (case {}): {}", codec::label(*p->request),
      codec::is_reversal(*p->request) ? "repeated until the host has answered it" : "to be reversed", u.id,
      d.why);
    block(codec::terminal_of(*p->request));
    const auto open = [this, id = u.id, then = std::move(then)] {
      const auto* due = pages().find(id);
      // Before the caller is told: from here on no client is shown the approval.
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
    unwritten.insert(u.id);
    when_durable([this, id = u.id, open] {
      unwritten.erase(id);
      open();
    });
    return true;
  }

  void block(const std::string& tid) {
    blocked.insert(tid);
    self->send(peers.dispatcher, terminal_blocked{tid});
  }

  // An unconfirmed approval stands.
  void end_unconfirmed(transaction_id id, const std::string& who, const std::string& why,
                       std::function<void()> then) {
    decision d{kind::closed, id};
    d.why = why;
    d.who = who;
    d.outcome = state::approved;
    record(d);
    when_durable([label = codec::label(*pages().find(id)->request), id, who, why, then = std::move(then)] {
      log::warning("Case {} ({}) is closed as approved by {}: {}", id, label, who, codec::masked_text(why));
      then();
    });
  }

  // What is unconfirmed has been so since our start at the latest, so the time that we have lived alone can
  // tell that it is old enough: a wall clock that jumps ends nothing early. What came with an adopted journal
  // is an operator's for ever. None comes later, so one walk past all of them, a page a tick, is enough.
  void end_aged(caf::timespan age) {
    const auto& s = env->settings;
    if (s.unconfirmed != "keep" || s.unconfirmed_age.count() == 0 || age < s.unconfirmed_age)
      return;
    for (const auto& p : pages().cases_after(aged_to, cases_page_max)) {
      aged_to = p.id;
      if (p.state == state::unconfirmed && !pages().is_operators(p))
        end_unconfirmed(p.id, "policy", "unconfirmed for " + config::in_words(s.unconfirmed_age), [] {});
    }
  }

  // Into the book and into the next batch; false where the purchase cannot take it.
  bool record(const decision& d) {
    const std::int64_t wall =
      std::chrono::duration_cast<std::chrono::seconds>(env->local_time().time_since_epoch()).count();
    if (!pages().apply(d, self->clock().now(), wall))
      return false;
    if (parts.writer)
      write_decision(waiting.what, d, wall, env->dialect, *parts.sealer);
    const auto& t = *pages().find(d.id);
    if (d.what == kind::closed)
      announce_end(t);
    take_early_approval(t);
    if (!blocked.empty())
      look_at_blocked(codec::terminal_of(*t.request));
    return true;
  }

  // The host has said yes before what else it said was known here: where that was a no, or that there is
  // none, the yes counts.
  void take_early_approval(const transaction& p) {
    const auto it = early_approvals.find(p.id);
    const bool waits = p.state == state::intent ||
                       ((p.state == state::reversal_due || p.state == state::parked) && p.host_agreed);
    if (it == early_approvals.end() || waits)
      return;
    const unmatched_response said{it->second};
    early_approvals.erase(it);
    const bool was_reversed = p.state == state::reversed &&
                              !env->dialect.reversal.not_found.contains(codec::without_leading_zeros(p.code));
    if (p.state != state::delivering && !was_reversed)
      take_unmatched(said);
  }

  void announce_end(const transaction& p) {
    if (const auto it = awaited.find(p.id); it != awaited.end()) {
      for (auto& promise : it->second)
        promise.deliver(ending_of(p));
      awaited.erase(it);
    }
    // A client may have been told that it is being reversed: the host holds nothing for it any more.
    if (p.state != state::approved)
      tell_idempotency<reversal_completed>(p);
  }

  template <class Message>
  void tell_idempotency(const transaction& p) {
    if (!p.options.public_id.empty())
      self->send(peers.idempotency, Message{p.options.public_id});
  }

  // What the host said to a reversal, for a client that wanted the same.
  static answer ending_of(const transaction& p) {
    auto m = codec::message("0410");
    m.set(39, p.code.empty() ? "000" : p.code);
    for (const auto& [number, value] : p.heard)
      m.set(number, value);
    return {std::make_shared<const codec::message>(std::move(m))};
  }

  void when_durable(std::function<void()> then) {
    if (!parts.writer)
      return then();
    waiting.then.push_back(std::move(then));
    write_on();
  }

  void write_on() {
    if (writing || (waiting.what.empty() && waiting.then.empty()))
      return;
    write();
  }

  void write() {
    if (!parts.writer)
      return;
    auto next = std::exchange(waiting, {});
    being_written = std::move(next.then);
    writing = true;
    parts.writer->write(std::move(next.what),
                        [to = caf::actor_cast<caf::actor>(self)](store::writer::result r) {
                          caf::anon_send(to, written{std::move(r)});
                        });
  }

  lived_clock clock;
  const time_point started = clock.look(self->clock().now());
  bool reversed_unconfirmed = false;
  transaction_id aged_to = 0;
  directory peers;
  next_batch waiting;                                // decided, not handed to the writer
  std::vector<std::function<void()>> being_written;  // what follows from the batch under way
  bool writing = false;
  bool has_room = true;
  std::unordered_map<transaction_id, message_ptr> early_approvals;
  std::set<std::string> blocked;       // terminals; their queues wait to hear that they are free
  std::set<transaction_id> abandoned;  // at the last tick
  std::set<transaction_id> unwritten;  // what says that they are, or are to be reversed, is not durable yet
  std::unordered_map<transaction_id, std::vector<caf::typed_response_promise<answer>>> awaited;
  std::unordered_map<std::uint64_t, inquiry> lookups;
  std::uint64_t last_lookup = 0;
};

journal_self::behavior_type journal(journal_self::stateful_pointer<journal_state> self, environment_ptr env,
                                    journal_parts parts) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.parts = std::move(parts);
  self->delayed_send(self, sweep_period, tick_atom::value);
  return {
    [&state](commit& k) { return state.commit_decision(k); },
    [&state](const join& j) { return state.join_reversal(j); },
    [&state](const log_lazily& n) { state.log_decision(n); },
    [&state](const written& w) { state.take_result(w); },
    [&state](const looked_up& l) { state.take_found(l); },
    [&state](const find_by_key& l) { return state.find_by_key(l); },
    [&state](const request_reversal& u) { return state.reverse(u); },
    [&state](const unmatched_response& s) { state.take_unmatched(s); },
    [&state](const await_reversal& a) { return state.await_end(a); },
    [&state](cases_atom) { return state.cases(); },
    [&state](const cases_after& a) { return state.list_cases(a); },
    [&state](const operator_decision& w) { return state.take_word(w); },
    [&state](drain_atom) { return state.drain(); },
    [&state](tick_atom) { state.tick(); },
    [&state](const directory& d) { state.learn(d); },
  };
}

}  // namespace

journal_actor spawn_journal(caf::actor_system& system, environment_ptr env, journal_parts parts) {
  return system.spawn(journal, std::move(env), std::move(parts));
}

}  // namespace actors
