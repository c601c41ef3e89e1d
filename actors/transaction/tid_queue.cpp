// One transaction of a terminal at a time, first come, first served; reversals go in front.
//
// A message that moves money is led through the lifecycle here, from its turn to the host's answer: its
// intent is durable before it is sent, an approval before anyone hears of it. Where the end of it is unknown
// the client is told, the journal is told, and the terminal's money waits for the reversal. Nothing that
// waits here has been sent.

#include "actors/transaction/tid_queue.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

#include "actors/core/default_handlers.hpp"
#include "actors/core/timeouts.hpp"
#include "actors/seeded_defect.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

using lifecycle::action;
using lifecycle::event;
using lifecycle::state;

// How often a queue asks itself whether it is still needed.
constexpr auto idle_period = 60s;

// The journal knows of other money of this terminal that we do not know of, because a part of the house has
// died.
constexpr auto not_yet_pause = 100ms;

class tid_queue_state {
public:
  static inline const char* name = "tid_queue";

  using promise = caf::typed_response_promise<answer>;

  explicit tid_queue_state(tid_queue_actor::pointer s) : self(s) {}
  ~tid_queue_state() {
    for (auto* line : {&reversals, &clients})
      for (auto& w : *line)
        w.ends.deliver(caf::make_error(refusal::failed_unsent));
    for (auto& [_, e] : under_way) {
      e.ends.deliver(caf::make_error(refusal::failed_unknown));
      // It may still wait for a link there; when that comes its reversal has begun.
      if (peers.upstream)
        caf::anon_send(peers.upstream, withdraw{tid, e.what.id});
      if (e.where != state::queued && peers.journal)
        caf::anon_send(peers.journal, request_reversal{e.what.id, "failed_unknown"});
    }
  }
  tid_queue_state(const tid_queue_state&) = delete;
  tid_queue_state& operator=(const tid_queue_state&) = delete;

  promise accept(submit& s) {
    ++accepted;
    auto p = self->make_response_promise<answer>();
    const auto id = s.id;
    (s.reverses != 0 ? reversals : clients).push_back({std::move(s), p});
    serve();
    if (!clients.empty() && clients.back().what.id == id)
      ask_to_join(clients.back());
    return p;
  }

  // The client is gone: nobody would hear the answer.
  void withdraw_submit(transaction_id id) {
    const auto it = std::ranges::find(clients, id, [](const entry& e) { return e.what.id; });
    if (it != clients.end()) {
      it->ends.deliver(caf::make_error(refusal::withdrawn));
      clients.erase(it);
      return serve();
    }
    for (auto& [number, e] : under_way) {
      if (e.what.id != id)
        continue;
      e.client_gone = true;
      self->send(peers.upstream, withdraw{tid, id});
      if (e.where == state::ready && e.money && !give_up_when_gone)
        return;
      if (e.where == state::ready && e.money) {
        e.why = refusal::undelivered;
        drive(number, event::written);
        drive(number, event::client_lost);
      }
      return;
    }
  }

  void block(transaction_id id) {
    blocks.try_emplace(id, held{now() + terminal_block_max, false});
    for (const auto& e : clients)
      ask_to_join(e);
    self->delayed_send(self, terminal_block_max, tick_atom::value);
  }

  void unblock(transaction_id id) {
    blocks.erase(id);
    serve();
  }

  void learn_link(bool up) {
    link_up = up;
    serve();
  }

  void tick() {
    if (wake_at && *wake_at <= now())
      wake_at.reset();
    serve();
    if (now() < idle_check)
      return;
    if (reversals.empty() && clients.empty() && under_way.empty() && blocks.empty() &&
        accepted == accepted_at_check)
      self->send(peers.dispatcher, idle{tid, accepted});
    accepted_at_check = accepted;
    wait_for_idle();
  }

  void wait_for_idle() {
    idle_check = now() + idle_period;
    self->delayed_send(self, idle_period, tick_atom::value);
  }

  tid_queue_actor::pointer self;
  environment_ptr env;
  bool locked = true;
  bool give_up_when_gone = false;
  std::string tid;
  directory peers;
  bool link_up = false;

private:
  struct entry {
    submit what;
    promise ends;
    bool money = false;  ///< kept in the journal
    in_hand hand = {};
    bool client_gone = false;  ///< its client is gone
    state where = state::queued;
    message_ptr response = nullptr;
    refusal why = refusal::failed_unknown;  ///< where it is refused
    bool undetermined_by_host = false;
  };

  // A purchase of this terminal that is being reversed.
  struct held {
    time_point until;
    bool first_sent;
  };

  time_point now() const { return self->clock().now(); }

  bool is_money(const codec::message& m) const {
    return codec::moves_money(m, env->dialect) ||
           (codec::is_reversal(m) && !env->dialect.reversal.of.empty());
  }

  bool money_waits() const {
    return !seeded(defect::keeps_the_turn) && std::ranges::any_of(blocks, [this](const auto& h) {
      return !h.second.first_sent || h.second.until > now();
    });
  }

  bool free() const { return under_way.empty() || !locked; }

  void serve() {
    while (!clients.empty() && clients.front().what.deadline <= now()) {
      clients.front().ends.deliver(caf::make_error(link_up ? refusal::queue_timeout : refusal::host_down));
      clients.pop_front();
    }
    while (!reversals.empty() && free()) {
      auto next = std::move(reversals.front());
      reversals.pop_front();
      send_to_host(begin(std::move(next)));
    }
    while (link_up && !clients.empty() && free() && reversals.empty()) {
      const bool money = is_money(*clients.front().what.request);
      if (money && (money_waits() || now() < money_not_before))
        break;
      auto next = std::move(clients.front());
      clients.pop_front();
      next.money = money && peers.journal;
      const auto number = begin(std::move(next));
      if (under_way.at(number).money)
        drive(number, event::turn);
      else
        send_to_host(number);
    }
    if (!clients.empty() && (!wake_at || *wake_at > clients.front().what.deadline))
      wake(clients.front().what.deadline);
  }

  void wake(time_point at) {
    wake_at = at;
    self->delayed_send(self, std::max(at - now(), time_point::duration::zero()), tick_atom::value);
  }

  std::uint64_t begin(entry e) {
    const auto number = next_number++;
    under_way.emplace(number, std::move(e));
    return number;
  }

  // --- what does not need the journal: network messages, and reversals, whose case is durable already ---

  void send_to_host(std::uint64_t number) {
    const auto& what = under_way.at(number).what;
    self->request(peers.upstream, caf::infinite, what)
      .then([this, number](answer& a) { pass_on(number, std::move(a)); },
            [this, number](caf::error& e) { pass_on(number, refusal_of(e)); });
  }

  template <class End>
  void pass_on(std::uint64_t number, End end) {
    auto e = take(number);
    if constexpr (std::is_same_v<End, answer>) {
      first_reversal_sent(e.what.reverses);
      e.ends.deliver(std::move(end));
    } else {
      if (outcome_unknown(end))
        first_reversal_sent(e.what.reverses);
      e.ends.deliver(caf::make_error(end));
    }
    serve();
  }

  void first_reversal_sent(transaction_id id) {
    if (const auto it = blocks.find(id); it != blocks.end())
      it->second.first_sent = true;
  }

  entry take(std::uint64_t number) { return std::move(under_way.extract(number).mapped()); }

  // --- the lifecycle, as far as it is played here ---

  void drive(std::uint64_t number, event on) {
    const auto it = under_way.find(number);
    if (it == under_way.end())
      return;
    const auto* way = lifecycle::find(it->second.where, on);
    if (!way) {
      log::error("{} is {}, where {} cannot happen", codec::label(*it->second.what.request),
                 to_string(it->second.where), to_string(on));
      return;
    }
    it->second.where = way->to;
    // Whatever passes the turn takes the errand out; what is to be done with it afterwards is done with this
    // copy.
    auto e = it->second;
    for (const auto a : way->actions)
      act(number, e, a);
    if (passed_turn) {
      passed_turn = false;
      serve();
    }
  }

  void act(std::uint64_t number, entry& e, action a) {
    switch (a) {
      case action::keep_intent: return keep_intent(number, e);
      case action::write_request: return write_request(number, e);
      case action::keep_approval: return keep_approval(number, e);
      case action::answer_client:
        e.ends.deliver(e.where == state::delivering ? answer{e.response, e.what.id, e.hand}
                                                    : answer{e.response});
        return;
      case action::refuse_client: e.ends.deliver(caf::make_error(e.why)); return;
      case action::close: return self->send(peers.journal, log_lazily{closing_of(e)});
      case action::note_due:
      case action::keep_due:
        return caf::anon_send(
          peers.journal,
          request_reversal{e.what.id, e.undetermined_by_host ? undetermined : to_string(e.why), e.response});
      case action::alarm:
        return log::error(
          "{}: the host takes it for a repeat of an older purchase (code {}); it is not reversed, for that "
          "would undo the older one",
          codec::label(*e.what.request), std::string((*e.response)[39]));
      case action::pass_turn_to_reversal: block(e.what.id); [[fallthrough]];
      case action::pass_turn:
        under_way.erase(number);
        passed_turn = true;
        return;
      default: return;
    }
  }

  decision closing_of(const entry& e) const {
    decision d{decision::kind::closed, e.what.id};
    d.message = e.response;
    d.outcome = e.where;
    return d;
  }

  void keep_intent(std::uint64_t number, const entry& e) {
    decision d{decision::kind::intent, e.what.id, e.what.request, e.what.options};
    if (seeded(defect::sends_before_it_is_durable))
      return self->send(peers.journal, log_lazily{std::move(d)}), drive(number, event::intent_durable);
    self->request(peers.journal, caf::infinite, commit{std::move(d)})
      .then(
        [this, number](const committed& k) {
          if (k.joined != 0) {
            await_reversal_of(k.joined, take(number));
            return serve();
          }
          auto& now_durable = under_way.at(number);
          now_durable.hand = k.hand;
          // A slow disk or a client that has left: it is not sent.
          if (now_durable.client_gone || now_durable.what.deadline <= now())
            return end_unsent(number, now_durable.client_gone ? refusal::withdrawn : refusal::queue_timeout);
          drive(number, event::intent_durable);
        },
        [this, number](caf::error& why) { refuse_intent(number, refusal_of(why)); });
  }

  // The journal has not kept it, so there is nothing to end there.
  void refuse_intent(std::uint64_t number, refusal why) {
    auto e = take(number);
    if (why == refusal::not_yet && e.what.deadline > now() && !e.client_gone) {
      e.where = state::queued;
      clients.push_front(std::move(e));
      money_not_before = now() + not_yet_pause;
      wake(money_not_before);
      return serve();
    }
    e.ends.deliver(caf::make_error(why == refusal::not_yet ? refusal::queue_timeout : why));
    serve();
  }

  // A client's reversal need not wait for its turn where what it means is being reversed.
  void ask_to_join(const entry& waits) {
    if (!peers.journal || !codec::is_reversal(*waits.what.request))
      return;
    self->request(peers.journal, caf::infinite, join{waits.what.request})
      .then(
        [this, id = waits.what.id](const committed& k) {
          const auto it = std::ranges::find(clients, id, [](const entry& e) { return e.what.id; });
          if (k.joined == 0 || it == clients.end())
            return;
          auto e = std::move(*it);
          clients.erase(it);
          await_reversal_of(k.joined, std::move(e));
        },
        [](caf::error&) {});
  }

  // One reversal is for both, and so is its answer.
  void await_reversal_of(transaction_id id, entry e) {
    const auto timeout = std::max(e.what.deadline - now(), time_point::duration(1ms));
    self->request(peers.journal, caf::timespan(timeout), await_reversal{id})
      .then(
        [e](const answer& a) mutable {
          auto m = *e.what.request;
          m.set(0, codec::response_mti(m.mti()));
          for (const auto& [field, value] : *a.response)
            if (field != 0)
              m.set(field, value);
          e.ends.deliver(answer{std::make_shared<const codec::message>(std::move(m))});
        },
        [e](caf::error&) mutable { e.ends.deliver(caf::make_error(refusal::timed_out)); });
  }

  void write_request(std::uint64_t number, const entry& e) {
    self->request(peers.upstream, caf::infinite, e.what)
      .then([this, number](answer& a) { heard(number, std::move(a.response)); },
            [this, number](caf::error& why) { not_heard(number, refusal_of(why)); });
  }

  void heard(std::uint64_t number, message_ptr response) {
    const auto it = under_way.find(number);
    // Given up before: what the host says now is for the reversal.
    if (it == under_way.end())
      return self->send(peers.journal, unmatched_response{std::move(response)});
    it->second.response = response;
    drive(number, event::written);
    drive(number, meaning_of(*response, it->second));
  }

  event meaning_of(const codec::message& response, entry& e) const {
    if (codec::is_reversal(*e.what.request)) {
      switch (codec::reversal_reply_of(response, env->dialect, codec::earlier_attempt::none)) {
        case codec::reversal_reply::done:
        case codec::reversal_reply::not_found: return event::confirmed;
        case codec::reversal_reply::system_error: e.undetermined_by_host = true; return event::undetermined;
        case codec::reversal_reply::refused: break;
      }
      return event::declined;
    }
    switch (codec::reply_of(response, env->dialect)) {
      case codec::reply::approved:
        e.why = refusal::undelivered;
        return e.client_gone ? event::approved_unheard : event::approved;
      case codec::reply::undetermined: e.undetermined_by_host = true; return event::undetermined;
      case codec::reply::duplicate: return event::duplicate;
      case codec::reply::declined: break;
    }
    return event::declined;
  }

  void not_heard(std::uint64_t number, refusal why) {
    const auto it = under_way.find(number);
    if (it == under_way.end())
      return;
    if (!outcome_unknown(why))
      return end_unsent(number, why);
    it->second.why = why;
    drive(number, event::written);
    drive(number, why == refusal::timed_out ? event::host_silent : event::host_lost);
  }

  void end_unsent(std::uint64_t number, refusal why) {
    under_way.at(number).why = why;
    drive(number, event::unsent_end);
  }

  void keep_approval(std::uint64_t number, const entry& e) {
    decision d{decision::kind::approved, e.what.id, e.response};
    self->request(peers.journal, caf::infinite, commit{std::move(d)})
      .then(
        [this, number](const committed&) {
          drive(number,
                under_way.at(number).client_gone ? event::approval_durable_unheard : event::approval_durable);
        },
        [this, number](caf::error&) { lose(number); });
  }

  // The journal did not take an approval: nobody may hear of it.
  void lose(std::uint64_t number) {
    auto e = take(number);
    e.ends.deliver(caf::make_error(refusal::failed_unknown));
    caf::anon_send(peers.journal, request_reversal{e.what.id, "failed_unknown"});
    serve();
  }

  std::deque<entry> reversals;  // of the gateway's own
  std::deque<entry> clients;
  std::map<std::uint64_t, entry> under_way;  // by the order of sending
  std::unordered_map<transaction_id, held> blocks;
  bool passed_turn = false;
  std::uint64_t next_number = 0;
  std::uint64_t accepted = 0;
  std::uint64_t accepted_at_check = 0;
  time_point money_not_before{};
  std::optional<time_point> wake_at;
  time_point idle_check{};
};

tid_queue_actor::behavior_type tid_queue(tid_queue_actor::stateful_pointer<tid_queue_state> self,
                                         environment_ptr env, std::string tid, directory peers,
                                         bool link_up) {
  with_default_handlers(self);
  auto& state = self->state;
  state.locked = env->settings.queue_lock_terminal;
  state.give_up_when_gone = env->settings.on_client_gone == "immediate";
  state.env = std::move(env);
  state.tid = std::move(tid);
  state.peers = std::move(peers);
  state.link_up = link_up;
  state.wait_for_idle();
  return {
    [&state](submit& s) { return state.accept(s); },
    [&state](const withdraw& w) { state.withdraw_submit(w.id); },
    [&state](const block_terminal& h) { state.block(h.id); },
    [&state](const unblock_terminal& r) { state.unblock(r.id); },
    [&state](const link_status& l) { state.learn_link(l.up); },
    [&state](tick_atom) { state.tick(); },
    [&state](const directory& d) { state.peers = d; },
  };
}

}  // namespace

tid_queue_actor spawn_tid_queue(caf::actor_system& system, environment_ptr env, std::string tid,
                                directory peers, bool link_up) {
  return system.spawn(tid_queue, std::move(env), std::move(tid), std::move(peers), link_up);
}

}  // namespace actors
