// Spawns a session for each connection that a listener accepts, and knows which are open.
//
// A session that fails ends alone: it has logged why, and here it is only taken off the list. One timer ticks
// for all, because a timer of each session would keep it in memory long after it has stopped.

#include "actors/client/acceptor.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "actors/core/default_handlers.hpp"

namespace actors {

namespace {

class acceptor_state {
public:
  static inline const char* name = "acceptor";

  explicit acceptor_state(acceptor_actor::pointer s) : self(s) {}
  // Without an acceptor its sessions would get no ticks.
  ~acceptor_state() {
    for (auto& [_, session] : sessions)
      caf::anon_send_exit(session, caf::exit_reason::kill);
  }
  acceptor_state(const acceptor_state&) = delete;
  acceptor_state& operator=(const acceptor_state&) = delete;

  void start_session(accepted& connection) {
    if (closed)
      return;
    auto session = new_session(std::move(connection.link), peers);
    self->monitor(session);
    sessions.emplace(session.address(), session);
  }

  void learn(const directory& d) {
    peers = d;
    tell(d);
    // Before the first directory a session would have nowhere to send its client's messages.
    if (!std::exchange(opened, true))
      listener->open([to = caf::actor_cast<acceptor_actor>(self)](net::link_ptr link) {
        caf::anon_send(to, accepted{std::move(link)});
      });
  }

  void tick() {
    tell(tick_atom::value);
    if (std::exchange(counted, sessions.size()) != sessions.size())
      self->send(peers.stats, sessions_open{port, sessions.size()});
    self->delayed_send(self, period, tick_atom::value);
  }

  caf::typed_response_promise<drain_atom> drain() {
    closed = true;
    listener->close();
    auto promise = self->make_response_promise<drain_atom>();
    drained.push_back(promise);
    tell(drain_atom::value);
    leave_if_empty();
    return promise;
  }

  void forget(const caf::actor_addr& gone) {
    sessions.erase(gone);
    leave_if_empty();
  }

  std::vector<caf::actor> children() const {
    std::vector<caf::actor> all;
    for (const auto& [_, session] : sessions)
      all.push_back(caf::actor_cast<caf::actor>(session));
    return all;
  }

  acceptor_actor::pointer self;
  std::shared_ptr<net::listener> listener;
  session_factory new_session;
  std::string port;
  caf::timespan period{};

private:
  template <class T>
  void tell(const T& what) {
    for (auto& [_, session] : sessions)
      self->send(session, what);
  }

  void leave_if_empty() {
    if (!sessions.empty())
      return;
    for (auto& promise : std::exchange(drained, {}))
      promise.deliver(drain_atom::value);
  }

  directory peers;
  std::unordered_map<caf::actor_addr, session_actor> sessions;
  std::vector<caf::typed_response_promise<drain_atom>> drained;
  std::optional<std::size_t> counted;  // what the statistics were told
  bool opened = false;
  bool closed = false;
};

acceptor_actor::behavior_type acceptor(acceptor_actor::stateful_pointer<acceptor_state> self,
                                       std::shared_ptr<net::listener> listener, session_factory new_session,
                                       std::string port, caf::timespan period) {
  with_default_handlers(self);
  auto& state = self->state;
  state.listener = std::move(listener);
  state.new_session = std::move(new_session);
  state.port = std::move(port);
  state.period = period;
  self->set_down_handler([&state](const caf::down_msg& down) { state.forget(down.source); });
  self->delayed_send(self, period, tick_atom::value);
  return {
    [&state](accepted& a) { state.start_session(a); },    [&state](tick_atom) { state.tick(); },
    [&state](const directory& d) { state.learn(d); },     [&state](drain_atom) { return state.drain(); },
    [&state](children_atom) { return state.children(); },
  };
}

}  // namespace

acceptor_actor spawn_acceptor(caf::actor_system& system, std::shared_ptr<net::listener> listener,
                              session_factory new_session, std::string port, caf::timespan period) {
  return system.spawn(acceptor, std::move(listener), std::move(new_session), std::move(port), period);
}

caf::timespan tick_period_for(std::chrono::milliseconds timeout) {
  using namespace std::chrono_literals;
  return timeout == 0ms ? caf::timespan(1s)
                        : std::clamp(caf::timespan(timeout) / 8, caf::timespan(50ms), caf::timespan(1s));
}

}  // namespace actors
