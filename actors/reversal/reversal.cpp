// One open case: repeats its reversal until the host agrees.
//
// It never gives up by itself. When its schedule is used up, or the host says something that a person must
// look at, the case goes onto the operator's list and is tried on, slowly. Attempts count only when they may
// have been sent.

#include "actors/reversal/reversal.hpp"

#include <algorithm>

#include "actors/core/default_handlers.hpp"
#include "actors/core/message_log.hpp"
#include "actors/reversal/retry_schedule.hpp"
#include "actors/seeded_defect.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace log = config::log;

namespace {

using lifecycle::action;
using lifecycle::event;
using lifecycle::state;

// Before asking again for an attempt that could not be sent.
constexpr auto unsent_pause = std::chrono::seconds(1);

class reversal_state {
public:
  static inline const char* name = "reversal";

  explicit reversal_state(reversal_actor::pointer s) : self(s) {}

  void start() {
    where = c.state == state::parked ? state::parked : state::reversal_due;
    label = codec::label(*c.request);
    // An actor of this case has died with an attempt under way.
    c.attempt_lost = c.attempt_lost || c.attempt_under_way;
    by_itself = !env->settings.no_auto_reversal || codec::is_reversal(*c.request);
    if (where == state::parked)
      return wait_slowly();
    // The supervisor has asked itself on our behalf.
    asked = true;
    if (by_itself)
      return;
    end_attempt();
    park("noAutoReversal", "");
  }

  // The supervisor says that the link is there and that it is our turn.
  void attempt() {
    if (!asked)
      return;
    // What an operator has ended by hand must not be reversed as well, however long the disk takes over his
    // word.
    if (resolving || (where != state::reversal_due && where != state::parked))
      return end_attempt();
    const auto number = c.attempts + 1;
    auto m = codec::is_reversal(*c.request)
               ? codec::reversal_of(*c.request, {}, env->dialect, env->local_time(), 1)
               : codec::reversal_of(*c.request, c.heard, env->dialect, env->local_time(), number);
    log_message("Auto-reversal to ISO host", m, *env);
    from = where;
    tried_at = self->clock().now();
    drive(event::attempt);
    submit s{std::make_shared<const codec::message>(std::move(m)), time_point::max()};
    s.host_timeout = env->settings.queue_short_timeout;
    s.reverses = c.id;
    self->request(peers.dispatcher, caf::infinite, std::move(s))
      .then([this](const answer& a) { heard(*a.response); },
            [this](caf::error& e) { not_heard(refusal_of(e)); });
  }

  // What the host says of the purchase itself, late.
  void take_late_response(const codec::message& response) {
    if (codec::reply_of(response, env->dialect) == codec::reply::approved) {
      log::warning("{}: the host approves it late; it is reversed all the same", label);
      for (const int number : {37, 38})
        if (response.has(number))
          c.heard.set(number, std::string(response[number]));
      c.host_agreed = true;
      const bool was_settling = where == state::awaiting_recheck;
      drive(event::late_approval);
      if (was_settling)
        ask_for_attempt();
    } else if (codec::reply_of(response, env->dialect) != codec::reply::declined) {
      return;
    } else if (c.host_agreed) {
      log::error("{}: the host declines what it has approved before (case {}); it is reversed all the same",
                 label, c.id);
    } else if (c.attempt_lost) {
      // A reversal of it has been sent and may have been the reason for the "no"; its answer tells more.
      log::warning("{}: the host declines it late, behind a reversal that it has not answered; that goes on",
                   label);
    } else if (where == state::reversal_due || where == state::awaiting_recheck) {
      log::info("{}: the host declines it late; there is nothing to reverse", label);
      drive(event::late_decline);
      finish();
    }
  }

  operator_reply retry_now() {
    if (resolving)
      return {false, being_resolved()};
    if (where == state::reversal_sent)
      return {false, "the reversal of case " + std::to_string(c.id) + " is at the host right now"};
    if (asked)
      return {false, "the reversal of case " + std::to_string(c.id) +
                       " waits for the link to the host, or for its turn, and goes then"};
    where = where == state::awaiting_recheck ? state::reversal_due : where;
    ask_for_attempt();
    return {true, "The reversal of case " + std::to_string(c.id) + " is tried now"};
  }

  caf::typed_response_promise<operator_reply> resolve_it(const resolve& r) {
    auto promise = self->make_response_promise<operator_reply>();
    if (where == state::reversal_sent) {
      promise.deliver(operator_reply{false, "the reversal of case " + std::to_string(c.id) +
                                              " is at the host right now; ask again in a few seconds"});
      return promise;
    }
    if (std::exchange(resolving, true)) {
      promise.deliver(operator_reply{false, being_resolved()});
      return promise;
    }
    decision d{decision::kind::closed, c.id, nullptr, {}, r.why, r.who};
    d.outcome = state::reversed;
    self->request(peers.journal, caf::infinite, commit{std::move(d)})
      .then(
        [this, promise, r](const committed&) mutable {
          log::warning("Case {} ({}) is resolved by {}: {}", c.id, label, r.who, codec::masked_text(r.why));
          promise.deliver(
            operator_reply{true, "Case " + std::to_string(c.id) + " is off the list, as reversed"});
          where = state::reversed;
          finish();
        },
        [this, promise](caf::error&) mutable {
          resolving = false;
          wait(unsent_pause);
          promise.deliver(operator_reply{false, "the journal did not take it; look at the list again"});
        });
    return promise;
  }

  void tick(std::uint64_t of) {
    if (of != generation || resolving || lifecycle::is_final(where))
      return;
    if (where == state::awaiting_recheck)
      drive(event::settled);
    ask_for_attempt();
  }

  // A new dispatcher knows of no purchase that is being reversed.
  void learn(const directory& d) {
    if (peers.dispatcher != d.dispatcher && where != state::parked)
      self->send(d.dispatcher, block_terminal{codec::terminal_of(*c.request), c.id});
    peers = d;
  }

  reversal_actor::pointer self;
  environment_ptr env;
  transaction c;  // the case
  directory peers;
  reversal_supervisor_actor supervisor;

private:
  void heard(const codec::message& response) {
    c.code = response[39];
    count_attempt(decision::attempt_state::answered);
    log_message("ISO host to auto-reversal", response, *env);
    using reply = codec::reversal_reply;
    using codec::earlier_attempt;
    switch (codec::reversal_reply_of(response, env->dialect,
                                     c.attempt_lost || seeded(defect::believes_the_first_repeat)
                                       ? earlier_attempt::unanswered
                                       : earlier_attempt::none)) {
      case reply::done:
        log::info("{} is reversed", label);
        drive(event::confirmed);
        return finish();
      case reply::system_error: drive(event::system_error); return after_failure();
      case reply::refused: drive(event::refused); return after_refusal("the host refuses the reversal");
      case reply::not_found: break;
    }
    // We have seen its approval: it is there, whatever the host says now.
    if (c.host_agreed && !seeded(defect::believes_not_found_at_once) &&
        !seeded(defect::believes_not_found_always)) {
      drive(event::refused);
      return after_refusal("the host does not know what it has approved");
    }
    // When it was asked, not when it answered: in between the purchase may have arrived behind its reversal.
    if (tried_at < c.late_arrival_until && !seeded(defect::believes_not_found_at_once)) {
      log::info("{}: the host does not know it yet; its reversal is repeated when it cannot arrive any more",
                label);
      drive(event::not_found_early);
      end_attempt();
      return wait(std::max(c.late_arrival_until - self->clock().now(), time_point::duration::zero()));
    }
    log::info("{}: the host does not know it, so there is nothing to reverse", label);
    drive(event::not_found);
    finish();
  }

  void not_heard(refusal why) {
    // Nothing was sent, so the attempt is not spent. The link has fallen, or another message holds the key.
    if (!outcome_unknown(why)) {
      where = from;
      end_attempt();
      if (why != refusal::malformed)
        return wait(unsent_pause);
      // Time does not make it any better.
      return from == state::parked ? wait_slowly()
                                   : park("the host's dialect cannot express its reversal", "");
    }
    c.attempt_lost = true;
    count_attempt(decision::attempt_state::lost);
    log::warning("No answer to the reversal of {} (case {}, attempt {})", label, c.id, c.attempts);
    drive(event::unanswered);
    after_failure();
  }

  void count_attempt(decision::attempt_state how) {
    ++c.attempts;
    decision d{decision::kind::attempt, c.id};
    d.attempt_is = how;
    d.attempt = c.attempts;
    d.code = c.code;
    self->send(peers.journal, log_lazily{std::move(d)});
  }

  void after_failure() {
    end_attempt();
    if (from == state::parked) {
      where = state::parked;
      return wait_slowly();
    }
    if (const auto pause = pause_behind_attempt(c.attempts))
      return wait(*pause);
    drive(event::exhausted);
    park("no confirmation in " + std::to_string(c.attempts) + " attempts", c.code);
  }

  void after_refusal(const std::string& why) {
    end_attempt();
    if (from == state::parked)
      return wait_slowly();
    park(why, c.code);
  }

  void park(const std::string& why, const std::string& code) {
    where = state::parked;
    decision d{decision::kind::parked, c.id, nullptr, {}, why};
    d.code = code;
    self->request(peers.journal, caf::infinite, commit{std::move(d)})
      .then(
        [this, why, code](const committed&) {
          log::error(
            "ALARM: {} (case {}) could not be reversed: {}{}; it is on the list of `socketqueue pending`",
            label, c.id, why, code.empty() ? "" : ", code " + code);
        },
        [](caf::error&) {});
    self->send(peers.dispatcher, unblock_terminal{codec::terminal_of(*c.request), c.id});
    wait_slowly();
  }

  std::string being_resolved() const {
    return "case " + std::to_string(c.id) + " is just being resolved by an operator";
  }

  void drive(event on) {
    const auto* way = lifecycle::find(where, on);
    if (!way)
      return log::error("Case {} is {}, where {} cannot happen", c.id, to_string(where), to_string(on));
    where = way->to;
    for (const auto a : way->actions)
      if (a == action::close) {
        decision d{decision::kind::closed, c.id};
        d.outcome = where;
        d.code = c.code;
        self->send(peers.journal, log_lazily{std::move(d)});
      }
  }

  void ask_for_attempt() {
    ++generation;
    if (!std::exchange(asked, true))
      self->send(supervisor, attempt_requested{c.id});
  }

  void end_attempt() {
    asked = false;
    self->send(supervisor, attempt_finished{c.id});
  }

  void wait_slowly() {
    if (by_itself)
      wait(slow_pause);
  }

  void wait(caf::timespan pause) { self->delayed_send(self, pause, tick_atom::value, ++generation); }

  void finish() {
    if (asked)
      end_attempt();
    self->send(peers.dispatcher, unblock_terminal{codec::terminal_of(*c.request), c.id});
    self->quit();
  }

  std::string label;
  bool by_itself = true;  // else an operator's word is needed for each attempt
  state where = state::reversal_due;
  time_point tried_at{};             // of the attempt under way
  state from = state::reversal_due;  // before the attempt under way
  bool asked = false;                // for an attempt, or it is under way
  bool resolving = false;            // by an operator, which is not durable yet
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
    [&state](const late_response& w) { state.take_late_response(*w.response); },
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
