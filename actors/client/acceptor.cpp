// Greets whoever comes in at a door, and knows who is still there.
//
// Visitors fail alone: a death here is logged by whoever died and otherwise
// only counted. One clock serves them all, for a timer of each visitor would
// keep it in memory long after it left.

#include "actors/client/acceptor.hpp"

#include <algorithm>
#include <unordered_map>

#include "actors/core/default_handlers.hpp"

namespace actors {

namespace {

class reception_state {
public:
  static inline const char* name = "reception";

  explicit reception_state(reception_actor::pointer s) : self(s) {}
  // Without a reception nobody would tell the visitors the time.
  ~reception_state() {
    for (auto& [_, v] : visitors)
      caf::anon_send_exit(v, caf::exit_reason::kill);
  }
  reception_state(const reception_state&) = delete;
  reception_state& operator=(const reception_state&) = delete;

  void greet_visitor(visit& v) {
    if (closed)
      return;
    auto visitor = welcome(std::move(v.link), offices);
    self->monitor(visitor);
    visitors.emplace(visitor.address(), visitor);
  }

  void learn(const directory& d) {
    offices = d;
    tell(d);
    // Before that we would not know where to send anyone's messages.
    if (!std::exchange(opened, true))
      door->open([to = caf::actor_cast<reception_actor>(self)](net::link_ptr link) {
        caf::anon_send(to, visit{std::move(link)});
      });
  }

  void tick() {
    tell(tick_atom::value);
    self->delayed_send(self, period, tick_atom::value);
  }

  caf::typed_response_promise<drain_atom> drain() {
    closed = true;
    door->close();
    auto promise = self->make_response_promise<drain_atom>();
    drained.push_back(promise);
    tell(drain_atom::value);
    leave_if_empty();
    return promise;
  }

  void forget(const caf::actor_addr& gone) {
    visitors.erase(gone);
    leave_if_empty();
  }

  std::vector<caf::actor> roster() const {
    std::vector<caf::actor> all;
    for (const auto& [_, v] : visitors)
      all.push_back(caf::actor_cast<caf::actor>(v));
    return all;
  }

  reception_actor::pointer self;
  std::shared_ptr<net::door> door;
  greet welcome;
  caf::timespan period{};

private:
  template <class T>
  void tell(const T& what) {
    for (auto& [_, v] : visitors)
      self->send(v, what);
  }

  void leave_if_empty() {
    if (!visitors.empty())
      return;
    for (auto& promise : std::exchange(drained, {}))
      promise.deliver(drain_atom::value);
  }

  directory offices;
  std::unordered_map<caf::actor_addr, visitor_actor> visitors;
  std::vector<caf::typed_response_promise<drain_atom>> drained;
  bool opened = false;
  bool closed = false;
};

reception_actor::behavior_type reception(reception_actor::stateful_pointer<reception_state> self,
                                         std::shared_ptr<net::door> door, greet welcome,
                                         caf::timespan period) {
  with_house_handlers(self);
  auto& state = self->state;
  state.door = std::move(door);
  state.welcome = std::move(welcome);
  state.period = period;
  self->set_down_handler([&state](const caf::down_msg& down) { state.forget(down.source); });
  self->delayed_send(self, period, tick_atom::value);
  return {
    [&state](visit& v) { state.greet_visitor(v); },   [&state](tick_atom) { state.tick(); },
    [&state](const directory& d) { state.learn(d); }, [&state](drain_atom) { return state.drain(); },
    [&state](roster_atom) { return state.roster(); },
  };
}

}  // namespace

reception_actor spawn_reception(caf::actor_system& system, std::shared_ptr<net::door> door, greet welcome,
                                caf::timespan period) {
  return system.spawn(reception, std::move(door), std::move(welcome), period);
}

caf::timespan tick_period_for(std::chrono::milliseconds timeout) {
  using namespace std::chrono_literals;
  return timeout == 0ms ? caf::timespan(1s)
                        : std::clamp(caf::timespan(timeout) / 8, caf::timespan(50ms), caf::timespan(1s));
}

}  // namespace actors
