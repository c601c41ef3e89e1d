// The parts of a process with these roles, and how each is spawned.

#include "actors/program/parts.hpp"

#include "actors/client/acceptor.hpp"
#include "actors/client/admission.hpp"
#include "actors/client/host_requests.hpp"
#include "actors/client/session.hpp"
#include "actors/emulator/bank.hpp"
#include "actors/emulator/bank_control.hpp"
#include "actors/http/http_session.hpp"
#include "actors/http/purchase_service.hpp"
#include "actors/metrics/stats.hpp"
#include "actors/metrics/stats_session.hpp"
#include "actors/operator/admin_events.hpp"
#include "actors/operator/admin_service.hpp"
#include "actors/operator/operator_session.hpp"
#include "actors/operator/overview.hpp"
#include "actors/reversal/reversal_supervisor.hpp"
#include "actors/transaction/dispatcher.hpp"
#include "actors/transaction/idempotency.hpp"
#include "actors/upstream/upstream.hpp"

namespace actors {

namespace {

// A part with a member in the directory.
template <class Handle, class Spawn>
part known(std::string name, Handle directory::*place, Spawn spawn) {
  return {std::move(name), [place, spawn = std::move(spawn)](caf::actor_system& system, directory& d) {
            d.*place = spawn(system);
            return running_part::of(d.*place);
          }};
}

// An acceptor's part. `port`: in metrics. `timeout`: after it an idle client's connection is closed.
part accepting(std::string name, std::string port, const std::shared_ptr<net::listener>& listener,
               session_factory sessions, std::chrono::milliseconds timeout = {}) {
  return {
    std::move(name), [listener, port = std::move(port), sessions = std::move(sessions), timeout](
                       caf::actor_system& system, directory&) {
      return running_part::of(spawn_acceptor(system, listener, sessions, port, tick_period_for(timeout)));
    }};
}

void add_host(std::vector<part>& all, const environment_ptr& env, const roles& r) {
  all.push_back(known("journal", &directory::journal, [env, parts = r.journal](caf::actor_system& system) {
    return spawn_journal(system, env, parts);
  }));
  // If the journal fails, the process ends: the next start replays what is durable.
  all.back().is_vital = true;
  all.push_back(known("reversal_supervisor", &directory::reversals,
                      [env](caf::actor_system& system) { return spawn_reversal_supervisor(system, env); }));
  if (r.links.empty())
    all.push_back(known("upstream", &directory::upstream, [env, dialer = r.host](caf::actor_system& system) {
      return spawn_upstream(system, env, env->upstreams.all().front(), dialer);
    }));
  else
    all.push_back(known("upstream", &directory::upstream,
                        [env, links = std::make_shared<dialed_links>(r.links)](caf::actor_system& system) {
                          return spawn_link_groups(system, env, links);
                        }));
  all.push_back(known("dispatcher", &directory::dispatcher,
                      [env](caf::actor_system& system) { return spawn_dispatcher(system, env); }));
}

known_requests known_to(const book& pages) {
  known_requests known;
  for (const auto& [_, t] : pages.all())
    if (!t.options.public_id.empty())
      known.transactions.push_back({t, pages.is_operators(t)});
  known.on_disk_alone_until = pages.on_disk_alone_until();
  return known;
}

// Raw and HTTP clients share `maxQueue`.
void add_clients(std::vector<part>& all, caf::actor_system& system, const environment_ptr& env,
                 const roles& r) {
  const auto seats = r.seats.value_or(admission(env->settings.queue.messages_max));
  if (r.http_clients || env->settings.delivery.raw != config::raw_delivery::tcp)
    all.push_back(known("idempotency", &directory::idempotency,
                        [env, cache = make_request_cache(known_to(*r.journal.pages), *env, r.journal.sealer)](
                          caf::actor_system& on) { return spawn_idempotency(on, env, cache); }));
  if (r.hook || (r.clients && r.clients_at->settings.takes_host_requests))
    all.push_back(
      known("host_requests", &directory::host_requests,
            [env, hook = r.hook](caf::actor_system& on) { return spawn_host_requests(on, env, hook); }));
  if (r.http_clients) {
    all.push_back(accepting(
      "http_clients", "http", r.http_clients,
      [&system, env, port = r.http_clients_at, service = purchase_service(env, r.http_clients_at, seats)](
        net::link_ptr link, const directory& d) {
        return spawn_http_session(system, env, port, std::move(link), d, service);
      }));
    all.back().serves_clients = true;
  }
  if (r.clients) {
    all.push_back(accepting(
      "clients", "raw", r.clients,
      [&system, env, seats, port = r.clients_at](net::link_ptr link, const directory& d) {
        return spawn_session(system, env, std::move(link), d, seats, port);
      },
      r.clients_at->settings.idle_max));
    all.back().serves_clients = true;
  }
}

}  // namespace

std::vector<part> parts_of(caf::actor_system& system, const environment_ptr& env, const roles& r) {
  std::vector<part> all;
  const auto kept = std::make_shared<counts>();
  kept->sums = r.sums;
  kept->save = r.save_statistics;
  all.push_back(known("stats", &directory::stats,
                      [env, kept](caf::actor_system& on) { return spawn_stats(on, env, kept); }));
  if (r.admin || !r.more.empty())
    all.push_back(known("overview", &directory::overview,
                        [env](caf::actor_system& on) { return spawn_overview(on, env); }));
  if (r.bank)
    all.push_back(accepting("bank", "bank", r.bank,
                            [&system, env, ledger = std::make_shared<bank_ledger>(r.bank_dialect, env->seed),
                             misbehaviour = r.misbehaviour](net::link_ptr link, const directory&) {
                              return spawn_bank(system, env, std::move(link), ledger, misbehaviour);
                            }));
  if (r.bank_control)
    all.push_back(accepting("bank_control", "control", r.bank_control,
                            [&system, dialect = r.bank_dialect, misbehaviour = r.misbehaviour](
                              net::link_ptr link, const directory&) {
                              return spawn_bank_control(system, std::move(link), dialect, misbehaviour);
                            }));
  if (r.host || !r.links.empty())
    add_host(all, env, r);
  add_clients(all, system, env, r);
  if (r.alarms)
    all.push_back({"alarms", [env, outlets = r.alarms, kept = std::make_shared<alarm_books>()](
                               caf::actor_system& on, directory&) {
                     return running_part::of(spawn_alarms(on, env, outlets, kept));
                   }});
  if (r.statistics)
    all.push_back(accepting("stats_acceptor", "statistics", r.statistics,
                            [&system](net::link_ptr link, const directory& d) {
                              return spawn_stats_session(system, std::move(link), d);
                            }));
  if (r.admin) {
    all.push_back(known("admin_events", &directory::admin_events,
                        [env](caf::actor_system& on) { return spawn_admin_events(on, env); }));
    all.push_back(accepting("admin", "admin", r.admin,
                            [&system, env, port = r.admin_at, service = admin_service(env, r.admin_token)](
                              net::link_ptr link, const directory& d) {
                              return spawn_http_session(system, env, port, std::move(link), d, service);
                            }));
  }
  if (r.control)
    all.push_back(accepting("control", "control", r.control,
                            [&system, env, reload = r.reload](net::link_ptr link, const directory& d) {
                              return spawn_operator_session(system, env, std::move(link), d, reload);
                            }));
  for (const auto& p : r.more)
    all.push_back(p);
  if (r.manager)
    all.push_back(service_part(r.manager, r.watchdog));
  if (r.test_target)
    all.push_back(known("test_clients", &directory::test_clients,
                        [env, dialect = r.test_dialect, target = r.test_target](caf::actor_system& on) {
                          return spawn_test_clients(on, env, dialect, target);
                        }));
  return all;
}

gateway_actor spawn_gateway(caf::actor_system& system, environment_ptr env, const roles& r) {
  auto parts = parts_of(system, env, r);
  return spawn_gateway(system, std::move(env), std::move(parts));
}

}  // namespace actors
