// One open case: repeats its reversal until the host confirms it.
//
// A reversal asks its supervisor for each attempt, sends it through the dispatcher, and has the journal
// record every change. It never gives up by itself: when its schedule is used up, or the host's response
// needs an operator, the case is parked and repeated slowly. Attempts count only if they may have been sent.

#include "actors/reversal/reversal.hpp"

#include <algorithm>

#include "actors/core/default_handlers.hpp"
#include "actors/core/message_log.hpp"
#include "actors/reversal/retry_schedule.hpp"
#include "actors/transaction/transaction_record.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace log = config::log;

namespace {

using lifecycle::action;
using lifecycle::event;
using lifecycle::state;

// Before the next request for an attempt that could not be sent.
constexpr auto resend_pause = std::chrono::seconds(1);

class reversal_state {
public:
  static inline const char* name = "reversal";

  explicit reversal_state(reversal_actor::pointer s) : self(s) {}

  void start() {
    where = c.state == state::parked ? state::parked : state::reversal_due;
    label = codec::label(*c.request);
    // An earlier actor of this case stopped with an attempt under way.
    c.attempt_lost = c.attempt_lost || c.attempt_under_way;
    // When they were sent is not known any more; counting too many costs attempts, not money.
    if (c.attempt_lost)
      early_attempts = c.attempts + (c.attempt_under_way ? 1 : 0);
    by_itself = !env->settings.delivery.no_auto_reversal || codec::is_reversal(*c.request);
    if (where == state::parked)
      return act(action::slow_attempt);
    // The supervisor has queued this case already.
    requested = true;
    if (by_itself)
      return;
    finish_attempt();
    reason = "noAutoReversal";
    drive(event::held_back);
  }

  // The supervisor grants an attempt: the link is up and it is this case's turn.
  void attempt() {
    if (!requested)
      return;
    // A case that an operator is closing must not be reversed as well, even if the disk is slow.
    if (resolving || !lifecycle::find(where, event::attempt_granted))
      return finish_attempt();
    drive(event::attempt_granted);
  }

  // A late response of the host to the transaction itself.
  void take_late_response(const late_response& l) {
    const auto reply = codec::reply_of(*l.response, dialect());
    if (reply == codec::reply::approved) {
      log::warning(subject(), "{}: the host approves it late; it is reversed all the same", label);
      const bool is_news = !c.host_agreed;
      apply(c, {decision::kind::approved_late, c.id, l.response}, dialect(), now());
      if (where == state::awaiting_recheck)
        drive(event::approved_late);
      else if (where == state::parked && is_news && by_itself)  // it says how much, and the host's reference
        drive(event::retried);
    } else if (reply != codec::reply::declined) {
      return;
    } else if (c.host_agreed) {
      log::error(subject(),
                 "{}: the host declines what it has approved before (case {}); it is reversed all the same",
                 label, c.id);
    } else if (c.attempt_lost) {
      // A reversal was sent and may be the reason for the decline; its response says more.
      log::warning(subject(),
                   "{}: the host declines it late, behind a reversal that it has not answered; that goes on",
                   label);
    } else if (lifecycle::find(where, event::declined_late)) {
      log::info(subject(), "{}: the host declines it late; there is nothing to reverse", label);
      drive(event::declined_late);
    }
  }

  operator_reply retry_now() {
    if (resolving)
      return {false, being_resolved()};
    if (is_at_host())
      return {false, "the reversal of case " + std::to_string(c.id) + " is at the host right now"};
    if (requested)
      return {false, "the reversal of case " + std::to_string(c.id) +
                       " waits for the link to the host, or for its turn, and goes then"};
    drive(event::retried);
    return {true, "The reversal of case " + std::to_string(c.id) + " is tried now"};
  }

  caf::typed_response_promise<operator_reply> resolve_it(const resolve& r) {
    auto promise = self->make_response_promise<operator_reply>();
    if (is_at_host()) {
      promise.deliver(operator_reply{false, "the reversal of case " + std::to_string(c.id) +
                                              " is at the host right now; ask again in a few seconds"});
      return promise;
    }
    if (std::exchange(resolving, true)) {
      promise.deliver(operator_reply{false, being_resolved()});
      return promise;
    }
    decision d{decision::kind::closed, c.id};
    d.why = r.why;
    d.who = r.who;
    d.outcome = state::reversed;
    self->request(peers.journal, caf::infinite, commit{std::move(d)})
      .then(
        [this, promise, r](const committed&) mutable {
          log::warning(subject(), "Case {} ({}) is resolved by {}: {}", c.id, label, r.who,
                       codec::masked_text(r.why));
          promise.deliver(
            operator_reply{true, "Case " + std::to_string(c.id) + " is off the list, as reversed"});
          drive(event::resolved);
        },
        [this, promise](caf::error&) mutable {
          resolving = false;
          wait(resend_pause);
          promise.deliver(operator_reply{false, "the journal did not take it; look at the list again"});
        });
    return promise;
  }

  void tick(std::uint64_t of) {
    if (of == generation && !resolving && !lifecycle::is_final(where))
      drive(event::time_is_up);
  }

  void learn(const directory& d) { peers = d; }

  reversal_actor::pointer self;
  environment_ptr env;
  transaction c;  // the case
  directory peers;
  reversal_supervisor_actor supervisor;

private:
  time_point now() const { return self->clock().now(); }
  const codec::dialect& dialect() const { return env->upstreams.dialect_of(c.upstream); }
  about subject() const { return subject_of(c); }

  bool is_at_host() const { return where == state::reversal_sent || where == state::retry_sent; }

  void drive(event on) {
    const auto* row = lifecycle::step(where, on);
    if (!row)
      return log::error(subject(), "Case {} is {}, where {} cannot happen", c.id, to_string(where),
                        to_string(on));
    where = row->to;
    for (const auto a : row->actions)
      act(a);
  }

  void act(action a) {
    switch (a) {
      case action::send_reversal: return prepare();
      case action::next_attempt: return wait(*pause_behind_attempt(c.attempts));
      case action::slow_attempt:
        if (by_itself)
          wait(slow_pause);
        return;
      case action::recheck: return wait(std::max(c.late_arrival_until - now(), time_point::duration::zero()));
      case action::resend: return wait(resend_pause);
      case action::request_attempt: return request_attempt();
      case action::park: return park();
      case action::close: {
        decision d{decision::kind::closed, c.id};
        d.outcome = where;
        d.code = c.code;
        return self->send(peers.journal, log_lazily{std::move(d)});
      }
      case action::stop:
        if (requested)
          finish_attempt();
        return self->quit();
      default: return;
    }
  }

  // The book knows what else the host may take for the original.
  void prepare() {
    self->request(peers.journal, caf::infinite, find_background{c.id})
      .then([this](const background& known) { send(known); },
            [this](caf::error&) { send({.has_namesake = true, .begun = c.begun}); });
  }

  void send(const background& known) {
    c.host_agreed = c.host_agreed || known.host_agreed;
    auto m = codec::is_reversal(*c.request) ? codec::repeat_of(*c.request, dialect(), env->local_time())
                                            : codec::reversal_of(*c.request, heard_of(c), dialect(),
                                                                 env->local_time(), {c.attempts + 1, c.id});
    log_message("Auto-reversal to ISO host", {m, c.id, c.options.public_id},
                env->upstreams.of(c.upstream).dialect, *env);
    sent_at = now();
    if (sent_at < c.late_arrival_until)
      ++early_attempts;
    submit s{std::make_shared<const codec::message>(std::move(m)), time_point::max()};
    s.host_timeout = env->settings.queue.short_timeout;
    s.upstream = c.upstream;
    s.reverses = c.id;
    s.has_namesake = known.has_namesake;
    s.begun = known.begun;
    s.means = known.means;
    s.options.public_id = c.options.public_id;
    if (!codec::is_reversal(*c.request))
      s.undoes = std::make_shared<const reversal_parts>(
        reversal_parts{c.request, c.begun, heard_of(c), {c.attempts + 1, c.id}});
    self->request(peers.dispatcher, caf::infinite, std::move(s))
      .then([this](const answer& a) { take_response(*a.response); },
            [this](caf::error& e) { take_refusal(refusal_of(e)); });
  }

  void take_response(const codec::message& response) {
    count_attempt(decision::attempt_state::answered, std::string(response[codec::fields::response_code]));
    log_message("ISO host to auto-reversal", {response, c.id, c.options.public_id},
                env->upstreams.of(c.upstream).dialect, *env);
    finish_attempt();
    drive(meaning_of(response));
    if (early_attempts > 0)
      --early_attempts;
  }

  event meaning_of(const codec::message& response) {
    using reply = codec::reversal_reply;
    using codec::earlier_attempt;
    const auto earlier = c.attempt_lost ? earlier_attempt::unanswered : earlier_attempt::none;
    switch (codec::reversal_reply_of(response, dialect(), earlier)) {
      case reply::done: log::info(subject(), "{} is reversed", label); return event::confirmed;
      case reply::system_error: return failed_or_exhausted();
      case reply::refused: reason = "the host refuses the reversal"; return event::refused;
      case reply::not_found: break;
    }
    // The host has approved the transaction, so it has it, whatever it says now.
    if (c.host_agreed) {
      reason = "the host does not know what it has approved";
      return event::refused;
    }
    if (c.host_mark != 0 && c.host_mark != env->mark_of(c.upstream)) {
      reason =
        "the host does not know it, and its address, dialect or setFields are others than when it was sent";
      return event::refused;
    }
    // The time of sending decides, not the time of the response: between them the transaction may have
    // arrived after its reversal. A response does not say which attempt it answers, so the first responses
    // count for the first attempts.
    if (early_attempts > 0) {
      log::info(subject(),
                "{}: the host does not know it yet; its reversal is repeated when it cannot arrive any more",
                label);
      return event::not_found_early;
    }
    log::info(subject(), "{}: the host does not know it, so there is nothing to reverse", label);
    return event::not_found;
  }

  void take_refusal(refusal why) {
    finish_attempt();
    // No byte was sent, so the attempt does not count: the link has fallen, or another message has the key.
    // If the dialect has no such message, a repeat does not help.
    if (!outcome_unknown(why)) {
      if (sent_at < c.late_arrival_until)
        --early_attempts;
      reason = "the host's dialect cannot express its reversal";
      return drive(why == refusal::malformed ? event::refused : event::not_sent);
    }
    count_attempt(decision::attempt_state::lost, c.code);
    log::warning(subject(), "No answer to the reversal of {} (case {}, attempt {})", label, c.id, c.attempts);
    drive(failed_or_exhausted());
  }

  event failed_or_exhausted() {
    reason = "no confirmation in " + std::to_string(c.attempts) + " attempts";
    return pause_behind_attempt(c.attempts) ? event::failed : event::exhausted;
  }

  void count_attempt(decision::attempt_state how, const std::string& code) {
    decision d{decision::kind::attempt, c.id};
    d.attempt_is = how;
    d.attempt = c.attempts + 1;
    d.code = code;
    apply(c, d, dialect(), now());
    self->send(peers.journal, log_lazily{std::move(d)});
  }

  void park() {
    decision d{decision::kind::parked, c.id};
    d.why = reason;
    d.code = c.code;
    apply(c, d, dialect(), now());
    self->request(peers.journal, caf::infinite, commit{std::move(d)})
      .then(
        [this, why = reason, code = c.code](const committed&) {
          log::error(
            subject(),
            "ALARM: {} (case {}) could not be reversed: {}{}; it is on the list of `socketqueue pending`",
            label, c.id, why, code.empty() ? "" : ", code " + code);
        },
        [](caf::error&) {});
    act(action::slow_attempt);
  }

  std::string being_resolved() const {
    return "case " + std::to_string(c.id) + " is just being resolved by an operator";
  }

  void request_attempt() {
    ++generation;
    if (!std::exchange(requested, true))
      self->send(supervisor, attempt_requested{c.id});
  }

  void finish_attempt() {
    requested = false;
    self->send(supervisor, attempt_finished{c.id});
  }

  void wait(caf::timespan pause) { self->delayed_send(self, pause, tick_atom::value, ++generation); }

  std::string label;
  bool by_itself = true;  // else an operator must ask for each attempt
  state where = state::reversal_due;
  time_point sent_at{};    // of the attempt under way
  int early_attempts = 0;  // sent while the transaction could still arrive at the host, and not answered
  bool requested = false;  // an attempt was requested, or is under way
  bool resolving = false;  // an operator is closing the case, which is not durable yet
  std::string reason;      // why it is parked, if it is
  std::uint64_t generation = 0;
};

reversal_actor::behavior_type reversal(reversal_actor::stateful_pointer<reversal_state> self,
                                       environment_ptr env, transaction what, directory peers,
                                       reversal_supervisor_actor supervisor) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.c = std::move(what);
  state.peers = std::move(peers);
  state.supervisor = std::move(supervisor);
  state.start();
  return {
    [&state](attempt_granted) { state.attempt(); },
    [&state](const late_response& w) { state.take_late_response(w); },
    [&state](const retry&) { return state.retry_now(); },
    [&state](const resolve& r) { return state.resolve_it(r); },
    [&state](tick_atom, std::uint64_t generation) { state.tick(generation); },
    [&state](const directory& d) { state.learn(d); },
  };
}

}  // namespace

reversal_actor spawn_reversal(caf::actor_system& system, environment_ptr env, transaction what,
                              directory peers, reversal_supervisor_actor supervisor) {
  return system.spawn(reversal, std::move(env), std::move(what), std::move(peers), std::move(supervisor));
}

}  // namespace actors
