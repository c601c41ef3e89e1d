// All test clients of this process, and the sums of their results.

#include "actors/emulator/test_clients.hpp"

#include <map>
#include <set>

#include "actors/core/default_handlers.hpp"
#include "actors/emulator/test_client.hpp"

namespace actors {

using namespace std::chrono_literals;

namespace {

constexpr auto tick_period = 100ms;

class test_clients_state {
public:
  static inline const char* name = "test_clients";

  explicit test_clients_state(test_clients_actor::pointer s) : self(s) {}
  ~test_clients_state() {
    for (auto& [_, t] : clients)
      caf::anon_send_exit(t, caf::exit_reason::kill);
  }
  test_clients_state(const test_clients_state&) = delete;
  test_clients_state& operator=(const test_clients_state&) = delete;

  void place(std::size_t number) {
    auto t = spawn_test_client(self->system(), env, dialect, number, target(),
                               caf::actor_cast<test_clients_actor>(self));
    self->monitor(t);
    clients.insert_or_assign(number, t);
  }

  void count(const tested& t) {
    ++(t.good ? good : failed);
    if (t.good)
      successful.insert(t.client);
  }

  void forget(const caf::down_msg& down) {
    const auto it =
      std::ranges::find_if(clients, [&](const auto& t) { return t.second.address() == down.source; });
    if (it == clients.end())
      return;
    const auto number = it->first;
    clients.erase(it);
    if (down.reason) {
      ++failed;
      config::log::error("Test failed: client {} stopped with an error", number);
      if (!draining)
        place(number);
    }
    report_if_empty();
  }

  test_report report() const {
    return {env->settings.test_clients.count, env->settings.test_clients.count - successful.size(), good,
            failed};
  }

  caf::typed_response_promise<drain_atom> drain() {
    draining = true;
    drained.push_back(self->make_response_promise<drain_atom>());
    const auto promise = drained.back();
    send_to_all(drain_atom::value);
    report_if_empty();
    return promise;
  }

  template <class T>
  void send_to_all(const T& what) {
    for (auto& [_, t] : clients)
      self->send(t, what);
  }

  std::vector<caf::actor> children() const {
    std::vector<caf::actor> all;
    for (const auto& [_, t] : clients)
      all.push_back(caf::actor_cast<caf::actor>(t));
    return all;
  }

  test_clients_actor::pointer self;
  environment_ptr env;
  dialect_ptr dialect;
  make_dialer target;

private:
  void report_if_empty() {
    if (!clients.empty())
      return;
    for (auto& promise : std::exchange(drained, {}))
      promise.deliver(drain_atom::value);
  }

  std::map<std::size_t, test_client_actor> clients;
  std::set<std::size_t> successful;
  std::size_t good = 0;
  std::size_t failed = 0;
  bool draining = false;
  std::vector<caf::typed_response_promise<drain_atom>> drained;
};

test_clients_actor::behavior_type test_clients(test_clients_actor::stateful_pointer<test_clients_state> self,
                                               environment_ptr env, dialect_ptr dialect, make_dialer target) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.dialect = std::move(dialect);
  state.target = std::move(target);
  self->set_down_handler([&state](const caf::down_msg& down) { state.forget(down); });
  for (std::size_t number = 1; number <= state.env->settings.test_clients.count; ++number)
    state.place(number);
  self->delayed_send(self, tick_period, tick_atom::value);
  return {
    [&state](const tested& t) { state.count(t); },
    [self, &state](tick_atom) {
      state.send_to_all(tick_atom::value);
      self->delayed_send(self, tick_period, tick_atom::value);
    },
    [&state](caf::get_atom) { return state.report(); },
    [&state](drain_atom) { return state.drain(); },
    [&state](children_atom) { return state.children(); },
  };
}

}  // namespace

test_clients_actor spawn_test_clients(caf::actor_system& system, environment_ptr env, dialect_ptr dialect,
                                      make_dialer target) {
  return system.spawn(test_clients, std::move(env), std::move(dialect), std::move(target));
}

}  // namespace actors
