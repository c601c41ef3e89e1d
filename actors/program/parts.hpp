// The parts of this process, by its roles.
#pragma once

#include <optional>

#include "actors/client/admission.hpp"
#include "actors/client/webhook.hpp"
#include "actors/core/gateway.hpp"
#include "actors/emulator/bank_misbehaviour.hpp"
#include "actors/emulator/test_clients.hpp"
#include "actors/journal/journal.hpp"
#include "actors/metrics/alarms.hpp"
#include "actors/metrics/totals.hpp"
#include "actors/program/service_part.hpp"
#include "actors/upstream/link_groups.hpp"

namespace net {
class networks;
}

namespace actors {

/// The roles of this process, by its connections; an empty one is a role that it does not have.
struct roles {
  std::shared_ptr<net::dialer> host;  ///< with `clients` or `http_clients`: a gateway with one link
  dialed_links links;                 ///< the same, with those of a list
  std::shared_ptr<net::listener> clients;
  raw_port_ptr clients_at;                       ///< with `clients`
  std::shared_ptr<const net::networks> proxies;  ///< who may speak for clients; none: nobody
  std::shared_ptr<net::listener> http_clients;
  http_port_ptr http_clients_at;  ///< with `http_clients`
  std::shared_ptr<webhook> hook;  ///< the operator's server for requests of the host, if there is one
  std::shared_ptr<net::listener> statistics;
  totals sums;                                            ///< of earlier processes
  std::function<void(std::string line)> save_statistics;  ///< if the next one is to have them
  std::shared_ptr<net::listener> admin;
  http_port_ptr admin_at;  ///< with `admin`
  /// Who shows it may decide about cases; empty: nobody.
  std::shared_ptr<std::string> admin_token = std::make_shared<std::string>();
  std::shared_ptr<net::listener> control;  ///< the operator's, of a gateway
  std::shared_ptr<alarm_outlets> alarms;   ///< of a gateway, if it has alarms
  journal_parts journal;                   ///< of a gateway; it has at least a book
  std::shared_ptr<net::listener> bank;     ///< the bank emulator
  dialect_ptr bank_dialect;                ///< with `bank`
  std::shared_ptr<bank_misbehaviour> misbehaviour = std::make_shared<bank_misbehaviour>();  ///< of `bank`
  std::shared_ptr<net::listener> bank_control;  ///< where it is changed
  std::optional<admission> seats;               ///< of messages of clients; else `maxQueue` of them
  std::function<std::string()> reload;   ///< reads the configuration again; a report as JSON, in one line
  std::vector<part> more;                ///< that read the overview
  service_manager_ptr manager;           ///< if there is one
  std::chrono::milliseconds watchdog{};  ///< how often it hears of us; 0: only that we serve
  make_dialer test_target;               ///< test clients
  dialect_ptr test_dialect;              ///< with `test_target`
};

/// The parts in their order of start.
std::vector<part> parts_of(caf::actor_system& system, const environment_ptr& env, const roles& r);

/// The gateway with these roles.
gateway_actor spawn_gateway(caf::actor_system& system, environment_ptr env, const roles& r);

}  // namespace actors
