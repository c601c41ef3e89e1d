// The root: spawns every part of the house, watches them, closes down in order.
//
// A part that dies is restarted and the others are told its new handle. A part
// that cannot be kept alive ends the root, and with it the process: better no
// gateway than half of one.

#include "actors/core/gateway.hpp"

#include "actors/client/acceptor.hpp"
#include "actors/client/admission.hpp"
#include "actors/client/session.hpp"
#include "actors/core/default_handlers.hpp"
#include "actors/core/supervisor.hpp"
#include "actors/emulator/bank.hpp"
#include "actors/http/http_session.hpp"
#include "actors/metrics/stats.hpp"
#include "actors/metrics/stats_session.hpp"
#include "actors/operator/operator_session.hpp"
#include "actors/reversal/reversal_supervisor.hpp"
#include "actors/transaction/dispatcher.hpp"
#include "actors/transaction/idempotency.hpp"
#include "actors/upstream/upstream.hpp"

namespace actors {

namespace log = config::log;

namespace {

class gateway_state {
public:
  static inline const char* name = "gateway";

  explicit gateway_state(gateway_actor::pointer s)
    : self(s), parts([s](const caf::actor& a) { s->monitor(a); }) {}
  ~gateway_state() {
    for (const auto& c : parts.children())
      if (c.handle)
        caf::anon_send_exit(c.handle, caf::exit_reason::kill);
  }
  gateway_state(const gateway_state&) = delete;
  gateway_state& operator=(const gateway_state&) = delete;

  void build(const environment_ptr& env, const roles& r) {
    keep_office("stats", peers.stats, [this, env, sums = std::make_shared<totals>()] {
      return spawn_stats(self->system(), env, sums);
    });
    if (r.bank)
      build_bank(env, r.bank);
    if (r.host) {
      keep_office("journal", peers.journal,
                  [this, env, parts = r.journal] { return spawn_journal(self->system(), env, parts); });
      keep_office("reversal_supervisor", peers.reversals,
                  [this, env] { return spawn_reversal_supervisor(self->system(), env); });
      keep_office("upstream", peers.upstream,
                  [this, env, host = r.host] { return spawn_upstream(self->system(), env, host); });
      keep_office("dispatcher", peers.dispatcher,
                  [this, env] { return spawn_dispatcher(self->system(), env); });
    }
    build_clients(env, r);
    if (r.statistics)
      add_acceptor("stats_reception", r.statistics, {},
                   [&system = self->system()](net::link_ptr link, const directory& d) {
                     return spawn_stats_desk(system, std::move(link), d);
                   });
    if (r.control)
      add_acceptor("control", r.control, {},
                   [&system = self->system(), env](net::link_ptr link, const directory& d) {
                     return spawn_operator_desk(system, env, std::move(link), d);
                   });
    if (r.test_target)
      parts.keep("test_clients", [this, env, target = r.test_target] {
        return caf::actor_cast<caf::actor>(spawn_test_clients(self->system(), env, target));
      });
    environment = env;
    clients_admitted = !r.host;
    announce();
    if (r.host)
      await_cases();
  }

  void on_child_down(const caf::down_msg& down) {
    const auto death = parts.died(down.source, self->clock().now());
    if (!death)
      return;
    // Whoever holds money ends the process: what is durable is the restart.
    if (death->name == "journal")
      return environment->panic("the journal has died");
    if (!death->wait) {
      log::error("{} has died too often, the gateway ends", death->name);
      return self->quit(caf::sec::runtime_error);
    }
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(*death->wait);
    log::error("{} has died and is started again in {} ms", death->name, wait.count());
    self->delayed_send(self, *death->wait, tick_atom::value, death->name);
  }

  void restart(const std::string& part) {
    parts.restart(part);
    announce();
    if (!clients_admitted && part == "reversal_supervisor")
      await_cases();
  }

  void reset() {
    if (peers.stats)
      self->send(peers.stats, reset_atom::value);
  }

  // First those who ask, then those who carry; what is left then is idle.
  caf::typed_response_promise<test_report> drain() {
    auto promise = self->make_response_promise<test_report>();
    drain_part("test_clients", [this, promise]() mutable {
      drain_part("clients", [this, promise]() mutable {
        drain_part("http_clients", [this, promise]() mutable {
          // What has just become due reaches the supervisor when it is durable.
          drain_part("journal", [this, promise]() mutable {
            drain_part("reversal_supervisor", [this, promise]() mutable {
              drain_part("journal", [this, promise]() mutable { end(promise); });
            });
          });
        });
      });
    });
    return promise;
  }

  std::vector<std::pair<std::string, caf::actor>> children() const {
    std::vector<std::pair<std::string, caf::actor>> all;
    for (const auto& c : parts.children())
      if (c.handle)
        all.emplace_back(c.name, c.handle);
    return all;
  }

private:
  template <class Office, class Spawn>
  void keep_office(const char* part, Office& office, Spawn spawn) {
    parts.keep(part, [&office, spawn] {
      office = spawn();
      return caf::actor_cast<caf::actor>(office);
    });
  }

  void add_acceptor(const char* part, const std::shared_ptr<net::listener>& listener,
                    std::chrono::milliseconds timeout, session_factory welcome) {
    parts.keep(part, [this, listener, timeout, welcome = std::move(welcome)] {
      return caf::actor_cast<caf::actor>(
        spawn_acceptor(self->system(), listener, welcome, tick_period_for(timeout)));
    });
  }

  // Both kinds of clients share the seats.
  void build_clients(const environment_ptr& env, const roles& r) {
    const admission seats(env->settings.max_queue);
    if (r.http_clients || env->settings.client_delivery == "idempotent")
      keep_office("idempotency", peers.idempotency,
                  [this, env, remembered = make_request_cache(*r.journal.pages, *env, r.journal.sealer)] {
                    return spawn_idempotency(self->system(), env, remembered);
                  });
    if (r.http_clients) {
      add_acceptor("http_clients", r.http_clients, {},
                   [&system = self->system(), env, seats](net::link_ptr link, const directory& d) {
                     return spawn_http_session(system, env, std::move(link), d, seats);
                   });
    }
    if (!r.clients)
      return;
    add_acceptor("clients", r.clients, env->settings.client_timeout,
                 [&system = self->system(), env, seats](net::link_ptr link, const directory& d) {
                   return spawn_session(system, env, std::move(link), d, seats);
                 });
  }

  void build_bank(const environment_ptr& env, const std::shared_ptr<net::listener>& listener) {
    auto ledger = std::make_shared<bank_ledger>(env->dialect, env->seed);
    add_acceptor("bank", listener, {},
                 [&system = self->system(), env, ledger](net::link_ptr link, const directory&) {
                   return spawn_bank(system, env, std::move(link), ledger);
                 });
  }

  // Everybody gets the directory; those whom it does not concern ignore it.
  void announce() {
    if (peers.upstream)
      self->send(peers.upstream, peers);
    if (peers.dispatcher)
      self->send(peers.dispatcher, peers);
    if (peers.idempotency)
      self->send(peers.idempotency, peers);
    if (peers.journal)
      self->send(peers.journal, peers);
    if (peers.reversals)
      self->send(peers.reversals, peers);
    // A reception opens its door when it knows the offices.
    for (const auto* part : {"clients", "http_clients"})
      if (const auto to = parts.find(part); to && clients_admitted)
        self->send(caf::actor_cast<acceptor_actor>(to), peers);
    for (const auto* part : {"bank", "stats_reception", "control"})
      if (const auto to = parts.find(part))
        self->send(caf::actor_cast<acceptor_actor>(to), peers);
  }

  // Clients come in when every open case of earlier processes holds its terminal.
  void await_cases() {
    self->request(peers.reversals, caf::infinite, children_atom::value)
      .then(
        [this](const std::vector<caf::actor>&) {
          clients_admitted = true;
          announce();
        },
        [](caf::error&) {});
  }

  template <class Then>
  void drain_part(const char* part, Then then) {
    const auto who = parts.find(part);
    if (!who)
      return then();
    // Whoever drains drains alike; should one die instead, it is empty too.
    self->request(caf::actor_cast<acceptor_actor>(who), caf::infinite, drain_atom::value)
      .then([then](drain_atom) mutable { then(); }, [then](caf::error&) mutable { then(); });
  }

  void end(caf::typed_response_promise<test_report> promise) {
    const auto hall = parts.find("test_clients");
    if (!hall) {
      promise.deliver(test_report{});
      return self->quit();
    }
    self->request(caf::actor_cast<test_clients_actor>(hall), caf::infinite, caf::get_atom::value)
      .then(
        [this, promise](test_report& report) mutable {
          promise.deliver(report);
          self->quit();
        },
        [this, promise](caf::error&) mutable {
          promise.deliver(test_report{});
          self->quit();
        });
  }

  gateway_actor::pointer self;
  environment_ptr environment;
  supervisor parts;
  directory peers;
  bool clients_admitted = false;
};

gateway_actor::behavior_type gateway(gateway_actor::stateful_pointer<gateway_state> self, environment_ptr env,
                                     roles parts) {
  with_default_handlers(self);
  auto& state = self->state;
  self->set_down_handler([&state](const caf::down_msg& down) { state.on_child_down(down); });
  state.build(env, parts);
  return {
    [&state](children_atom) { return state.children(); },
    [&state](drain_atom) { return state.drain(); },
    [&state](reset_atom) { state.reset(); },
    [&state](tick_atom, const std::string& part) { state.restart(part); },
  };
}

}  // namespace

gateway_actor spawn_gateway(caf::actor_system& system, environment_ptr env, roles parts) {
  return system.spawn(gateway, std::move(env), std::move(parts));
}

}  // namespace actors
