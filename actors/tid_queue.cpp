// One transaction of a terminal at a time, first come, first served.
//
// Nothing that waits here has been sent. What is at the host is upstream's to
// end; this queue only passes the end on and lets the next one through.

#include "actors/tid_queue.hpp"

#include <deque>
#include <optional>
#include <unordered_map>

#include "actors/house_handlers.hpp"

namespace actors {

using namespace std::chrono_literals;

namespace {

// How often a queue asks itself whether it is still needed.
constexpr auto idle_period = 60s;

class tid_queue_state {
public:
  static inline const char* name = "tid_queue";

  using promise = caf::typed_response_promise<answer>;

  explicit tid_queue_state(tid_queue_actor::pointer s) : self(s) {}
  ~tid_queue_state() {
    for (auto& w : line)
      w.ends.deliver(caf::make_error(refusal::gave_up));
    for (auto& [_, p] : at_host)
      p.deliver(caf::make_error(refusal::broken));
  }
  tid_queue_state(const tid_queue_state&) = delete;
  tid_queue_state& operator=(const tid_queue_state&) = delete;

  promise accept(submit& s) {
    ++accepted;
    auto p = self->make_response_promise<answer>();
    line.push_back({std::move(s), p});
    serve();
    return p;
  }

  void tick() {
    if (wake_at && *wake_at <= now()) {
      wake_at.reset();
      serve();
    }
    if (now() < idle_check)
      return;
    if (line.empty() && at_host.empty() && accepted == accepted_at_check)
      self->send(dispatcher, idle{tid, accepted});
    accepted_at_check = accepted;
    wait_for_idle();
  }

  void wait_for_idle() {
    idle_check = now() + idle_period;
    self->delayed_send(self, idle_period, tick_atom::value);
  }

  tid_queue_actor::pointer self;
  bool locked = true;
  std::string tid;
  upstream_actor upstream;
  dispatcher_actor dispatcher;

private:
  struct waiter {
    submit what;
    promise ends;
  };

  time_point now() const { return self->clock().now(); }

  void serve() {
    while (!line.empty() && line.front().what.deadline <= now()) {
      line.front().ends.deliver(caf::make_error(refusal::waited_out));
      line.pop_front();
    }
    while (!line.empty() && (at_host.empty() || !locked)) {
      auto next = std::move(line.front());
      line.pop_front();
      send(next);
    }
    if (!line.empty() && !wake_at) {
      wake_at = line.front().what.deadline;
      self->delayed_send(self, *wake_at - now(), tick_atom::value);
    }
  }

  void send(waiter& w) {
    const auto number = next_number++;
    at_host.emplace(number, std::move(w.ends));
    self->request(upstream, caf::infinite, std::move(w.what))
      .then(
        [this, number](answer& a) {
          end(number).deliver(std::move(a));
          serve();
        },
        [this, number](caf::error& e) {
          end(number).deliver(caf::make_error(refusal_of(e)));
          serve();
        });
  }

  promise end(std::uint64_t number) {
    auto node = at_host.extract(number);
    return std::move(node.mapped());
  }

  std::deque<waiter> line;
  std::unordered_map<std::uint64_t, promise> at_host;  // by the order of sending
  std::uint64_t next_number = 0;
  std::uint64_t accepted = 0;
  std::uint64_t accepted_at_check = 0;
  std::optional<time_point> wake_at;
  time_point idle_check{};
};

tid_queue_actor::behavior_type tid_queue(tid_queue_actor::stateful_pointer<tid_queue_state> self, environment_ptr env, std::string tid,
                                         upstream_actor upstream, dispatcher_actor dispatcher) {
  with_house_handlers(self);
  auto& state = self->state;
  state.locked = env->settings.queue_lock_terminal;
  state.tid = std::move(tid);
  state.upstream = std::move(upstream);
  state.dispatcher = std::move(dispatcher);
  state.wait_for_idle();
  return {
    [&state](submit& s) { return state.accept(s); },
    [&state](tick_atom) { state.tick(); },
    [&state](const directory& d) { state.upstream = d.upstream; },
  };
}

} // namespace

tid_queue_actor spawn_tid_queue(caf::actor_system& system, environment_ptr env, std::string tid, upstream_actor to, dispatcher_actor from) {
  return system.spawn(tid_queue, std::move(env), std::move(tid), std::move(to), std::move(from));
}

} // namespace actors
