// Sends one transaction of a terminal at a time, first come, first served; reversals go first.
//
// A message that moves money goes through the lifecycle here, from its turn to the host's response: its
// intent is durable before it is sent, and an approval is durable before the client gets it. If the outcome
// is unknown, the queue refuses the client and requests the reversal, and the terminal's other transactions
// wait for it. Nothing that waits here has been sent.

#include "actors/transaction/tid_queue.hpp"

#include <algorithm>

#include "actors/core/default_handlers.hpp"
#include "actors/transaction/queue_entry.hpp"
#include "actors/transaction/queue_view.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

using lifecycle::action, lifecycle::event, lifecycle::state;

// How often a queue checks whether it is still needed.
constexpr auto idle_period = 60s;

class tid_queue_state : public watched_terminal {
public:
  static inline const char* name = "tid_queue";

  explicit tid_queue_state(tid_queue_actor::pointer s) : self(s) {}
  ~tid_queue_state() override {
    for (auto* line : {&reversals, &clients})
      for (auto& [_, w] : *line)
        w.end(refusal::failed_unsent, peers.stats, *env, now());
    for (auto& [_, e] : under_way)
      e.fail(peers, *env, now());
  }

  caf::typed_response_promise<answer> accept(submit& s) {
    ++accepted;
    auto p = self->make_response_promise<answer>();
    log_accepted(s, reversals.size() + clients.size() + 1, under_way.size());
    const auto number = next_number++;
    auto& e = (s.reverses != 0 ? reversals : clients)[number];
    e.what = std::move(s);
    e.ends = p;
    e.accepted_at = now();
    serve();
    if (const auto waits = clients.find(number); waits != clients.end())
      ask_to_join(number, waits->second);
    return p;
  }

  // The client has disconnected, so its request need not be sent.
  void withdraw_submit(const withdraw& w) {
    const auto it =
      std::ranges::find(clients, w.id, [](const auto& numbered) { return numbered.second.what.id; });
    if (it != clients.end()) {
      refuse_waiting(it, refusal::withdrawn);
      return serve();
    }
    for (auto& [number, e] : under_way) {
      if (e.what.id != w.id)
        continue;
      e.take(w);
      self->send(peers.upstream, w);
      if (e.where == state::at_host && give_up_when_gone && !codec::is_reversal(*e.what.request)) {
        e.why = refusal::undelivered;
        drive(number, event::client_gone);
      }
      return;
    }
  }

  // A transaction of this terminal is being reversed; the journal sends `terminal_free` when it has ended.
  void take_block() {
    blocked = true;
    for (const auto& [number, e] : clients)
      ask_to_join(number, e);
  }

  void take_free() {
    blocked = false;
    serve();
  }

  void take_link_status(const link_status& l) {
    links.take(l);
    serve();
  }

  void tick() {
    if (wake_at && *wake_at <= now())
      wake_at.reset();
    serve();
    if (now() < idle_check)
      return;
    if (reversals.empty() && clients.empty() && under_way.empty() && !blocked &&
        accepted == accepted_at_check)
      self->send(peers.dispatcher, idle{tid, accepted});
    accepted_at_check = accepted;
    schedule_idle_check();
  }

  queue_content content() const { return {reversals, clients, under_way, blocked, links, now()}; }
  wait look() const override { return wait_of(content()); }
  inspection::terminal view() const override { return view_of(content()); }

  void schedule_idle_check() {
    idle_check = now() + idle_period;
    self->delayed_send(self, idle_period, tick_atom::value);
  }

  tid_queue_actor::pointer self;
  environment_ptr env;
  bool locked = true;
  bool give_up_when_gone = false;
  std::string tid;
  directory peers;
  links_up links;

private:
  using entry = queue_entry;

  time_point now() const { return self->clock().now(); }
  const codec::dialect& dialect_of(const entry& e) const {
    return env->upstreams.dialect_of(e.what.upstream);
  }

  bool is_free() const { return under_way.empty() || !locked; }

  void serve() {
    const auto is_up = [this](const auto& numbered) { return links.has(numbered.second.what.upstream); };
    for (auto it = clients.begin(); it != clients.end() && it->second.what.deadline <= now();
         it = clients.begin())
      refuse_waiting(it, is_up(*it) ? refusal::queue_timeout : refusal::host_down);
    while (!reversals.empty() && is_free())
      send_to_host(begin(reversals.extract(reversals.begin())));
    while (!clients.empty() && is_free() && reversals.empty()) {
      const auto first = std::ranges::find_if(clients, is_up);
      if (first == clients.end())
        break;
      auto& next = first->second;
      if (next.is_withdrawn()) {
        refuse_waiting(first, refusal::withdrawn);
        continue;
      }
      const bool money = is_money(*next.what.request, dialect_of(next));
      if ((money && blocked) || shares_own_stan(next, under_way))
        break;
      next.money = money && peers.journal;
      const auto number = begin(clients.extract(first));
      if (next.money)
        drive(number, event::turn);
      else
        send_to_host(number);
    }
    set_busy(env->terminals, !(reversals.empty() && clients.empty() && under_way.empty()));
    if (clients.empty())
      return;
    if (const auto deadline = clients.begin()->second.what.deadline; !wake_at || *wake_at > deadline) {
      wake_at = deadline;
      self->delayed_send(self, std::max(deadline - now(), time_point::duration::zero()), tick_atom::value);
    }
  }

  // Its turn has not come.
  void refuse_waiting(queue_entries::iterator of, refusal why) {
    auto next = clients.extract(of);
    auto& e = next.mapped();
    e.why = why;
    for (const auto a : lifecycle::step(e.where, event::unsent)->actions)
      act(0, e, a);
  }

  std::uint64_t begin(queue_entries::node_type next) {
    next.mapped().turn_at = now();
    return under_way.insert(std::move(next)).position->first;
  }

  // --- what does not need the journal: network messages, and reversals, whose case is durable already ---

  void send_to_host(std::uint64_t number) {
    auto& e = under_way.at(number);
    e.restamp(*env, under_way);
    e.set_begun();
    self->request(peers.upstream, caf::infinite, e.what)
      .then([this, number](answer& a) { pass_on_answer(number, a); },
            [this, number](caf::error& why) { end_under_way(number, std::move(why)); });
  }

  void pass_on_answer(std::uint64_t number, answer& a) {
    auto& e = under_way.at(number);
    e.link = std::move(a.link);
    end_under_way(number, e.to_client(a.response));
  }

  void end_under_way(std::uint64_t number, auto end) {
    auto ended = under_way.extract(number);
    ended.mapped().end(std::move(end), peers.stats, *env, now());
    serve();
  }

  // --- the lifecycle of what moves money ---

  void drive(std::uint64_t number, event on) {
    const auto it = under_way.find(number);
    if (it == under_way.end())
      return;
    const auto* row = lifecycle::step(it->second.where, on);
    if (!row)
      return log::error(it->second.subject(), "{} is {}, where {} cannot happen",
                        codec::label(*it->second.what.request), to_string(it->second.where), to_string(on));
    it->second.where = row->to;
    // The transaction occupies the terminal until its client can be answered.
    if (lifecycle::holds_turn(row->to)) {
      for (const auto a : row->actions)
        act(number, it->second, a);
      return;
    }
    auto left = under_way.extract(it);
    for (const auto a : row->actions)
      act(number, left.mapped(), a);
    serve();
  }

  void act(std::uint64_t number, entry& e, action a) {
    switch (a) {
      case action::commit_intent: return commit_intent(number, e);
      case action::wait_for_terminal:
        blocked = true;
        clients.emplace(number, e);
        return;
      case action::await_reversal: return await_reversal_of(e.joined != 0 ? e.joined : e.what.id, e);
      case action::send_request: return send_request(number, e);
      case action::commit_approval: return commit_approval(number, e);
      case action::answer_client: return e.end(e.to_client(e.response), peers.stats, *env, now());
      case action::refuse_client: return e.end(e.why, peers.stats, *env, now());
      case action::close: return self->send(peers.journal, log_lazily{e.closing()});
      case action::close_then_answer: return close_then_answer(e);
      case action::request_reversal:
        return caf::anon_send(peers.journal, request_reversal{e.what.id, e.because, e.response});
      case action::warn_of_duplicate: return e.warn_of_duplicate();
      default: return;
    }
  }

  void commit_intent(std::uint64_t number, const entry& e) {
    self->request(peers.journal, caf::infinite, commit{e.intent(under_way)})
      .then([this, number](const committed& c) { intent_committed(number, c); },
            [this, number](caf::error& why) { intent_refused(number, refusal_of(why)); });
  }

  void intent_committed(std::uint64_t number, const committed& c) {
    auto& e = under_way.at(number);
    e.take_committed(c, now());
    if (c.joined != 0)
      return drive(number, event::joined);
    // The disk was slow or the client has disconnected: the request is not sent.
    if (e.is_withdrawn() || e.what.deadline <= now())
      return not_sent(number, e.is_withdrawn() ? refusal::withdrawn : refusal::queue_timeout);
    drive(number, event::intent_durable);
  }

  void intent_refused(std::uint64_t number, refusal why) {
    auto& e = under_way.at(number);
    const bool may_wait = why == refusal::not_yet && e.what.deadline > now() && !e.is_withdrawn();
    e.why = why == refusal::not_yet ? refusal::queue_timeout : why;
    drive(number, may_wait ? event::not_yet : event::intent_refused);
  }

  // A client's reversal need not wait for its turn if the transaction that it means is already being
  // reversed.
  void ask_to_join(std::uint64_t number, const entry& waits) {
    if (!peers.journal || !codec::is_reversal(*waits.what.request))
      return;
    self->request(peers.journal, caf::infinite, join{waits.what.request})
      .then(
        [this, number](const committed& k) {
          const auto it = clients.find(number);
          if (k.joined == 0 || it == clients.end())
            return;
          it->second.joined = k.joined;
          drive(begin(clients.extract(it)), event::joined);
        },
        [](caf::error&) {});
  }

  // One reversal serves both, and so does its response.
  void await_reversal_of(transaction_id id, entry e) {
    const auto timeout = std::max(e.what.deadline - now(), time_point::duration(1ms));
    self->request(peers.journal, caf::timespan(timeout), await_reversal{id})
      .then(
        [this, e](const answer& a) mutable {
          e.end(e.answer_like(*a.response, dialect_of(e)), peers.stats, *env, now());
        },
        [this, e](caf::error&) mutable { e.end(refusal::timed_out, peers.stats, *env, now()); });
  }

  void send_request(std::uint64_t number, const entry& e) {
    e.set_begun();
    self->request(peers.upstream, caf::infinite, e.what)
      .then([this, number, to = e.what.upstream](answer& a) { take_response(number, a, to); },
            [this, number](caf::error& why) { take_refusal(number, why); });
  }

  void take_response(std::uint64_t number, answer& a, const std::string& upstream) {
    const auto it = under_way.find(number);
    // The queue has given the request up before, so the response belongs to the reversal.
    if (it == under_way.end())
      return self->send(peers.journal, unmatched_response{std::move(a.response), upstream});
    it->second.link = std::move(a.link);
    drive(number, it->second.take_response(std::move(a.response), dialect_of(it->second), now()));
  }

  void take_refusal(std::uint64_t number, const caf::error& why) {
    if (const auto it = under_way.find(number); it != under_way.end())
      drive(number, it->second.take_refusal(why));
  }

  void not_sent(std::uint64_t number, refusal why) {
    auto& e = under_way.at(number);
    e.why = why;
    drive(number, e.unsent());
  }

  void commit_approval(std::uint64_t number, const entry& e) {
    self->request(peers.journal, caf::infinite, commit{{decision::kind::approved, e.what.id, e.response}})
      .then(
        [this, number](const committed&) {
          drive(number, under_way.at(number).client_gone ? event::approval_durable_client_gone
                                                         : event::approval_durable);
        },
        [this, number](caf::error& why) { approval_refused(number, refusal_of(why)); });
  }

  void close_then_answer(entry e) {
    self->request(peers.journal, caf::infinite, commit{e.closing()})
      .then(
        [this, e](const committed&) mutable {
          e.response ? e.end(e.to_client(e.response), peers.stats, *env, now())
                     : e.end(e.why, peers.stats, *env, now());
        },
        [this, e](caf::error&) mutable { e.end(refusal::failed_unknown, peers.stats, *env, now()); });
  }

  // The approval is not durable, or its client has reversed it, so the client must not get it.
  void approval_refused(std::uint64_t number, refusal why) {
    auto& e = under_way.at(number);
    const bool is_by_client = why == refusal::being_reversed_by_client;
    e.why = is_by_client ? why : refusal::failed_unknown;
    e.because = is_by_client ? cause::client_reversal : cause::failed;
    drive(number, event::approval_refused);
  }

  queue_entries reversals, clients, under_way;  // the first: of the gateway
  bool blocked = false;                         // between terminal_blocked and terminal_free of the journal
  std::uint64_t next_number = 0;
  std::uint64_t accepted = 0, accepted_at_check = 0;
  std::optional<time_point> wake_at;
  time_point idle_check{};
};

tid_queue_actor::behavior_type tid_queue(tid_queue_actor::stateful_pointer<tid_queue_state> self,
                                         environment_ptr env, std::string tid, directory peers,
                                         links_up links) {
  with_default_handlers(self);
  auto& state = self->state;
  state.locked = env->settings.queue.lock_terminal;
  state.give_up_when_gone = env->settings.delivery.on_client_gone == config::client_gone::immediate;
  state.env = std::move(env);
  state.tid = std::move(tid);
  state.peers = std::move(peers);
  state.links = std::move(links);
  state.schedule_idle_check();
  return {
    [&state](submit& s) { return state.accept(s); },
    [&state](const withdraw& w) { state.withdraw_submit(w); },
    [&state](const terminal_blocked&) { state.take_block(); },
    [&state](const terminal_free&) { state.take_free(); },
    [&state](const link_status& l) { state.take_link_status(l); },
    [&state](tick_atom) { state.tick(); },
    [&state](const directory& d) { state.peers = d; },
  };
}

}  // namespace

tid_queue_actor spawn_tid_queue(caf::actor_system& system, environment_ptr env, std::string tid,
                                directory peers, links_up links) {
  return system.spawn(tid_queue, std::move(env), std::move(tid), std::move(peers), std::move(links));
}

}  // namespace actors
