// Brings every open case to its end: one reversal actor for each, restarted if it fails.
//
// Everything it has is in the journal, so after a restart it reads the cases again. It grants attempts only
// while a link to the case's upstream is up, the oldest case first and a limited number at a time, so that
// many cases at once do not overload the host.

#include "actors/reversal/reversal_supervisor.hpp"

#include <map>
#include <set>

#include "actors/core/default_handlers.hpp"
#include "actors/reversal/reversal.hpp"

#include "codec/exchange/matching.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

// Attempts that may be at one upstream at one time.
constexpr std::size_t window = 32;

// The pause before a failed reversal is started again.
constexpr auto restart_pause = 100ms;

// How long a draining process still tries to end what is due.
constexpr auto drain_timeout = 30s;

class reversal_supervisor_state {
public:
  static inline const char* name = "reversal_supervisor";

  explicit reversal_supervisor_state(reversal_supervisor_actor::pointer s) : self(s) {}
  ~reversal_supervisor_state() {
    for (auto& [_, r] : reversals)
      caf::anon_send_exit(r.actor, caf::exit_reason::kill);
    for (auto& promise : until_read)
      promise.deliver(caf::make_error(refusal::failed_unknown));
  }
  reversal_supervisor_state(const reversal_supervisor_state&) = delete;
  reversal_supervisor_state& operator=(const reversal_supervisor_state&) = delete;

  void learn(const directory& d) {
    peers = d;
    for (auto& [_, r] : reversals)
      self->send(r.actor, d);
    if (!std::exchange(reading, true))
      read_cases();
  }

  void take_case(transaction& p) {
    if (reversals.contains(p.id) || p.state == lifecycle::state::unconfirmed)
      return;
    const bool due = p.state != lifecycle::state::parked;
    auto r = spawn_reversal(self->system(), env, p, peers, caf::actor_cast<reversal_supervisor_actor>(self));
    self->monitor(r);
    reversals.emplace(p.id, child{std::move(r), p.upstream});
    // Queued here and not by the reversal, so that a drain waits for it from the start.
    if (due)
      enqueue(p.id);
  }

  void take_late_response(const late_response& w) {
    if (const auto it = reversals.find(w.id); it != reversals.end())
      self->send(it->second.actor, w);
  }

  void learn_link(const link_status& l) {
    upstreams[l.upstream].is_up = l.up;
    grant_attempts();
  }

  void enqueue(transaction_id id) {
    if (const auto it = reversals.find(id); it != reversals.end())
      upstreams[it->second.upstream].waiting.insert(id);
    grant_attempts();
  }

  void end_attempt(transaction_id id) {
    take_out(id);
    grant_attempts();
    report_if_drained();
  }

  void forget(const caf::down_msg& down) {
    const auto it =
      std::ranges::find_if(reversals, [&](const auto& r) { return r.second.actor.address() == down.source; });
    if (it == reversals.end())
      return;
    const auto id = it->first;
    take_out(id);
    reversals.erase(it);
    if (down.reason) {
      log::error(log::subject{id}, "The reversal of case {} has failed and is begun again", id);
      self->delayed_send(self, restart_pause, tick_atom::value);
    }
    grant_attempts();
    report_if_drained();
  }

  // All open cases of the journal that have no reversal, page by page.
  void read_cases(transaction_id after = 0) {
    if (!peers.journal)
      return finish_reading();
    self->request(peers.journal, caf::infinite, cases_after{after})
      .then(
        [this](cases_page& page) {
          for (auto& c : page.cases)
            take_case(c);
          if (page.next != 0)
            read_cases(page.next);
          else
            finish_reading();
        },
        [](caf::error&) {});
  }

  void tick() {
    if (drain_until && *drain_until <= self->clock().now())
      end_drain();
    else
      read_cases();
  }

  caf::typed_response_promise<std::vector<caf::actor>> children() {
    auto promise = self->make_response_promise<std::vector<caf::actor>>();
    if (opened)
      promise.deliver(all());
    else
      until_read.push_back(promise);
    return promise;
  }

  caf::typed_response_promise<operator_reply> pass_on(const retry& r) {
    return pass_on_to(r, operator_decision{operator_decision::kind::retry, r.id, "", ""});
  }

  caf::typed_response_promise<operator_reply> pass_on(const resolve& r) {
    return pass_on_to(r, operator_decision{operator_decision::kind::resolve, r.id, r.who, r.why});
  }

  caf::typed_response_promise<drain_atom> drain() {
    drained.push_back(self->make_response_promise<drain_atom>());
    const auto promise = drained.back();
    drain_until = self->clock().now() + drain_timeout;
    self->delayed_send(self, drain_timeout, tick_atom::value);
    report_if_drained();
    return promise;
  }

  reversal_supervisor_actor::pointer self;
  environment_ptr env;

private:
  struct child {
    reversal_actor actor;
    std::string upstream;
  };

  struct attempts {
    bool is_up = false;
    std::set<transaction_id> waiting;  // for an attempt, the oldest first
    std::set<transaction_id> at_host;
  };

  void take_out(transaction_id id) {
    for (auto& [_, u] : upstreams) {
      u.waiting.erase(id);
      u.at_host.erase(id);
    }
  }

  void grant_attempts() {
    for (auto& [_, u] : upstreams)
      while (u.is_up && !u.waiting.empty() && u.at_host.size() < window) {
        const auto id = *u.waiting.begin();
        u.waiting.erase(u.waiting.begin());
        const auto it = reversals.find(id);
        if (it == reversals.end())
          continue;
        u.at_host.insert(id);
        self->send(it->second.actor, attempt_granted::value);
      }
  }

  // To the case's reversal; if there is none, the journal decides about `otherwise`.
  template <class Command>
  caf::typed_response_promise<operator_reply> pass_on_to(const Command& command,
                                                         operator_decision otherwise) {
    auto promise = self->make_response_promise<operator_reply>();
    const auto it = reversals.find(command.id);
    if (it == reversals.end()) {
      self->request(peers.journal, caf::infinite, std::move(otherwise))
        .then([promise](operator_reply& r) mutable { promise.deliver(std::move(r)); },
              [promise](caf::error&) mutable {
                promise.deliver(operator_reply{false, "the journal does not answer; look at the list again"});
              });
      return promise;
    }
    self->request(it->second.actor, caf::infinite, command)
      .then([promise](operator_reply& r) mutable { promise.deliver(std::move(r)); },
            [promise](caf::error&) mutable {
              promise.deliver(operator_reply{false, "it has just ended, or failed; look at the list again"});
            });
    return promise;
  }

  std::vector<caf::actor> all() const {
    std::vector<caf::actor> actors;
    for (const auto& [_, r] : reversals)
      actors.push_back(caf::actor_cast<caf::actor>(r.actor));
    return actors;
  }

  void finish_reading() {
    opened = true;
    for (auto& promise : std::exchange(until_read, {}))
      promise.deliver(all());
  }

  // What can be ended now has ended; the rest stays in the journal for the next start.
  void report_if_drained() {
    const auto is_done = [](const auto& u) {
      return u.second.at_host.empty() && (u.second.waiting.empty() || !u.second.is_up);
    };
    if (drain_until && std::ranges::all_of(upstreams, is_done))
      end_drain();
  }

  void end_drain() {
    if (!drained.empty() && !reversals.empty())
      log::warning("Open cases: {}; {}", reversals.size(),
                   !env->settings.journal.is_kept()
                     ? "without a journal they are lost and are not reversed"
                     : "they stay in the journal, and the next start goes on with them");
    for (auto& promise : std::exchange(drained, {}))
      promise.deliver(drain_atom::value);
  }

  directory peers;
  std::map<transaction_id, child> reversals;
  std::map<std::string, attempts> upstreams;
  bool reading = false;
  bool opened = false;
  std::optional<time_point> drain_until;
  std::vector<caf::typed_response_promise<std::vector<caf::actor>>> until_read;
  std::vector<caf::typed_response_promise<drain_atom>> drained;
};

reversal_supervisor_actor::behavior_type reversal_supervisor(
  reversal_supervisor_actor::stateful_pointer<reversal_supervisor_state> self, environment_ptr env) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  self->set_down_handler([&state](const caf::down_msg& down) { state.forget(down); });
  return {
    [&state](open_case& c) { state.take_case(c.what); },
    [&state](const late_response& w) { state.take_late_response(w); },
    [&state](const link_status& l) { state.learn_link(l); },
    [&state](const attempt_requested& w) { state.enqueue(w.id); },
    [&state](const attempt_finished& e) { state.end_attempt(e.id); },
    [&state](const retry& r) { return state.pass_on(r); },
    [&state](const resolve& r) { return state.pass_on(r); },
    [&state](drain_atom) { return state.drain(); },
    [&state](children_atom) { return state.children(); },
    [&state](tick_atom) { state.tick(); },
    [&state](const directory& d) { state.learn(d); },
  };
}

}  // namespace

reversal_supervisor_actor spawn_reversal_supervisor(caf::actor_system& system, environment_ptr env) {
  return system.spawn(reversal_supervisor, std::move(env));
}

}  // namespace actors
