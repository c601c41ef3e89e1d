// The root: starts every part of the gateway, watches them, closes down in order.
//
// A part that dies is restarted and the others are told its new handle. A part that cannot be kept alive ends
// the root, and with it the process: better no gateway than half of one.

#include "actors/core/gateway.hpp"

#include <map>
#include <span>

#include "actors/core/default_handlers.hpp"
#include "actors/core/supervisor.hpp"

namespace actors {

namespace log = config::log;

namespace {

// First those who ask, then those who carry; what is left then is idle. What has just become due reaches the
// supervisor when it is durable, and what that ends is durable at the end.
constexpr const char* drain_order[] = {"test_clients",        "clients", "http_clients", "journal",
                                       "reversal_supervisor", "journal"};

class gateway_state {
public:
  static inline const char* name = "gateway";

  explicit gateway_state(gateway_actor::pointer s)
    : self(s), children([s](const caf::actor& a) { s->monitor(a); }) {}
  ~gateway_state() {
    for (const auto& c : children.children())
      if (c.handle)
        caf::anon_send_exit(c.handle, caf::exit_reason::kill);
  }
  gateway_state(const gateway_state&) = delete;
  gateway_state& operator=(const gateway_state&) = delete;

  void start(environment_ptr env, std::vector<part> all) {
    environment = std::move(env);
    for (auto& p : all) {
      const auto& kept = parts.emplace(p.name, std::move(p)).first->second;
      children.keep(kept.name, [this, &kept] {
        auto& r = running[kept.name];
        r = kept.start(self->system(), peers);
        return r.actor;
      });
    }
    clients_admitted = !peers.reversals;
    announce();
    if (!clients_admitted)
      await_cases();
  }

  void on_child_down(const caf::down_msg& down) {
    const auto death = children.died(down.source, self->clock().now());
    if (!death)
      return;
    if (parts.at(death->name).is_vital)
      return environment->panic("the " + death->name + " has died");
    if (!death->wait) {
      log::error("{} has died too often, the gateway ends", death->name);
      return self->quit(caf::sec::runtime_error);
    }
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(*death->wait);
    log::error("{} has died and is started again in {} ms", death->name, wait.count());
    self->delayed_send(self, *death->wait, tick_atom::value, death->name);
  }

  void restart(const std::string& part) {
    children.restart(part);
    announce();
    if (!clients_admitted && part == "reversal_supervisor")
      await_cases();
  }

  void reset() {
    if (peers.stats)
      self->send(peers.stats, reset_atom::value);
  }

  caf::typed_response_promise<test_report> drain() {
    auto promise = self->make_response_promise<test_report>();
    drain_next(drain_order, promise);
    return promise;
  }

  std::vector<std::pair<std::string, caf::actor>> list_children() const {
    std::vector<std::pair<std::string, caf::actor>> all;
    for (const auto& c : children.children())
      if (c.handle)
        all.emplace_back(c.name, c.handle);
    return all;
  }

private:
  bool is_alive(const std::string& part) const { return children.find(part) != nullptr; }

  // An acceptor opens its listener when it gets its first directory.
  void announce() {
    for (const auto& [of, r] : running)
      if (r.reader && is_alive(of) && (clients_admitted || !parts.at(of).serves_clients))
        self->send(r.reader, peers);
  }

  // Clients are admitted when every open case of earlier processes has a reversal.
  void await_cases() {
    self->request(peers.reversals, caf::infinite, children_atom::value)
      .then(
        [this](const std::vector<caf::actor>&) {
          clients_admitted = true;
          announce();
        },
        [](caf::error&) {});
  }

  // Should a part die instead, it is empty too.
  void drain_next(std::span<const char* const> names, caf::typed_response_promise<test_report> promise) {
    while (!names.empty() && !is_alive(names.front()))
      names = names.subspan(1);
    if (names.empty())
      return end(promise);
    const auto then = [this, rest = names.subspan(1), promise] { drain_next(rest, promise); };
    self->request(running.at(names.front()).drain, caf::infinite, drain_atom::value)
      .then([then](drain_atom) { then(); }, [then](caf::error&) { then(); });
  }

  void end(caf::typed_response_promise<test_report> promise) {
    auto finish = [this, promise](const test_report& report) mutable {
      promise.deliver(report);
      self->quit();
    };
    if (!is_alive("test_clients"))
      return finish({});
    self->request(peers.test_clients, caf::infinite, caf::get_atom::value)
      .then([finish](const test_report& report) mutable { finish(report); },
            [finish](caf::error&) mutable { finish({}); });
  }

  gateway_actor::pointer self;
  environment_ptr environment;
  supervisor children;
  std::map<std::string, part> parts;
  std::map<std::string, running_part> running;
  directory peers;
  bool clients_admitted = false;
};

gateway_actor::behavior_type gateway(gateway_actor::stateful_pointer<gateway_state> self, environment_ptr env,
                                     std::vector<part> parts) {
  with_default_handlers(self);
  auto& state = self->state;
  self->set_down_handler([&state](const caf::down_msg& down) { state.on_child_down(down); });
  state.start(std::move(env), std::move(parts));
  return {
    [&state](children_atom) { return state.list_children(); },
    [&state](drain_atom) { return state.drain(); },
    [&state](reset_atom) { state.reset(); },
    [&state](tick_atom, const std::string& part) { state.restart(part); },
  };
}

}  // namespace

gateway_actor spawn_gateway(caf::actor_system& system, environment_ptr env, std::vector<part> parts) {
  return system.spawn(gateway, std::move(env), std::move(parts));
}

}  // namespace actors
