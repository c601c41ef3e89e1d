// The root actor: starts every part of the gateway, watches them, stops them in order.
//
// A part that fails is restarted, and the others get its new handle in a directory. If a part fails too
// often, the root stops, and with it the process, because half a gateway must not serve. The gateway never
// handles a transaction itself.

#include "actors/core/gateway.hpp"

#include <map>
#include <span>

#include "actors/core/default_handlers.hpp"
#include "actors/core/supervisor.hpp"

namespace actors {

namespace log = config::log;

namespace {

// First the parts that submit, then those that write and reverse. The journal comes twice: a reversal that
// has just become due reaches the supervisor when it is durable, and the end of that reversal is durable
// after the second drain. At last the host is told that its link ends.
constexpr const char* drain_order[] = {"test_clients",        "clients", "http_clients", "journal",
                                       "reversal_supervisor", "journal", "upstream"};

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
    peers.root = caf::actor_cast<parts_owner>(self);
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
    const auto failure = children.child_failed(down.source, self->clock().now());
    if (!failure)
      return;
    if (parts.at(failure->name).is_vital)
      return environment->panic("the " + failure->name + " has failed");
    if (!failure->wait) {
      log::error("{} has failed too often, the gateway ends", failure->name);
      return self->quit(caf::sec::runtime_error);
    }
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(*failure->wait);
    log::error("{} has failed and is started again in {} ms", failure->name, wait.count());
    self->delayed_send(self, *failure->wait, tick_atom::value, failure->name);
  }

  void restart(const std::string& part) {
    children.restart(part);
    announce();
    if (peers.stats)
      self->send(peers.stats, part_restarted{part});
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
  bool is_running(const std::string& part) const { return children.find(part) != nullptr; }

  // An acceptor opens its listener when it gets its first directory.
  void announce() {
    for (const auto& [of, r] : running)
      if (r.reader && is_running(of) && (clients_admitted || !parts.at(of).serves_clients))
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

  // A part that fails while it drains counts as drained.
  void drain_next(std::span<const char* const> names, caf::typed_response_promise<test_report> promise) {
    while (!names.empty() && !is_running(names.front()))
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
    if (!is_running("test_clients"))
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
