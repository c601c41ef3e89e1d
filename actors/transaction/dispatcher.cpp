// The dispatcher has one queue for each terminal (TID): it spawns the queue with the first submit and stops
// it when it is idle.
//
// It delegates each submit to the queue and does not see the response. Two queues of one terminal never run
// at once: a queue is stopped only when the queue and the dispatcher agree on how many submits it received.

#include "actors/transaction/dispatcher.hpp"

#include <unordered_map>

#include "actors/core/default_handlers.hpp"
#include "actors/transaction/tid_queue.hpp"
#include "codec/exchange/matching.hpp"

namespace actors {

namespace {

class dispatcher_state {
public:
  static inline const char* name = "dispatcher";

  explicit dispatcher_state(dispatcher_actor::pointer s) : self(s) {}
  // A new dispatcher would spawn a second queue for a terminal if the old queues went on.
  ~dispatcher_state() {
    for (auto& [_, q] : queues)
      caf::anon_send_exit(q.actor, caf::exit_reason::kill);
  }
  dispatcher_state(const dispatcher_state&) = delete;
  dispatcher_state& operator=(const dispatcher_state&) = delete;

  caf::delegated<answer> pass_on(submit& s) {
    auto& q = queue_of(codec::terminal_of(*s.request));
    ++q.given;
    return self->delegate(q.actor, std::move(s));
  }

  void stop_if_idle(const idle& i) {
    const auto it = queues.find(i.tid);
    if (it == queues.end() || it->second.given != i.accepted)
      return;
    self->demonitor(it->second.actor.address());
    caf::anon_send_exit(it->second.actor, caf::exit_reason::user_shutdown);
    queues.erase(it);
  }

  void forget(const caf::actor_addr& failed) {
    std::erase_if(queues, [&failed](const auto& q) { return q.second.actor.address() == failed; });
  }

  // Without a queue the submit was never delegated, so there is nothing to withdraw.
  void withdraw_submit(const withdraw& w) {
    if (const auto it = queues.find(w.tid); it != queues.end())
      self->send(it->second.actor, w);
  }

  // A terminal without a queue has nothing that waits; a new queue asks the journal.
  template <class Status>
  void send_to_queue(const Status& s) {
    if (const auto it = queues.find(s.tid); it != queues.end())
      self->send(it->second.actor, s);
  }

  void take_link_status(const link_status& l) {
    links.take(l);
    for (auto& [_, q] : queues)
      self->send(q.actor, l);
  }

  void take_directory(const directory& d) {
    peers = d;
    for (auto& [_, q] : queues)
      self->send(q.actor, d);
  }

  std::vector<caf::actor> children() const {
    std::vector<caf::actor> all;
    for (const auto& [_, q] : queues)
      all.push_back(caf::actor_cast<caf::actor>(q.actor));
    return all;
  }

  dispatcher_actor::pointer self;
  environment_ptr env;

private:
  struct queue {
    tid_queue_actor actor;
    std::uint64_t given = 0;
  };

  queue& queue_of(std::string tid) {
    if (const auto it = queues.find(tid); it != queues.end())
      return it->second;
    auto mine = peers;
    mine.dispatcher = caf::actor_cast<dispatcher_actor>(self);
    auto actor = spawn_tid_queue(self->system(), env, tid, std::move(mine), links);
    self->monitor(actor);
    return queues.emplace(std::move(tid), queue{std::move(actor)}).first->second;
  }

  directory peers;
  links_up links;
  std::unordered_map<std::string, queue> queues;
};

dispatcher_actor::behavior_type dispatcher(dispatcher_actor::stateful_pointer<dispatcher_state> self,
                                           environment_ptr env) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  self->set_down_handler([&state](const caf::down_msg& down) { state.forget(down.source); });
  return {
    [&state](submit& s) { return state.pass_on(s); },
    [&state](const withdraw& w) { state.withdraw_submit(w); },
    [&state](const terminal_blocked& b) { state.send_to_queue(b); },
    [&state](const terminal_free& f) { state.send_to_queue(f); },
    [&state](const link_status& l) { state.take_link_status(l); },
    [&state](const idle& i) { state.stop_if_idle(i); },
    [&state](const directory& d) { state.take_directory(d); },
    [&state](children_atom) { return state.children(); },
  };
}

}  // namespace

dispatcher_actor spawn_dispatcher(caf::actor_system& system, environment_ptr env) {
  return system.spawn(dispatcher, std::move(env));
}

}  // namespace actors
