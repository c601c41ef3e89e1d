// The parts of this process, by what it was asked to be.
#pragma once

#include "actors/core/gateway.hpp"
#include "actors/emulator/test_clients.hpp"
#include "actors/journal/journal.hpp"

namespace actors {

/// What this process is, by the connections it was given; an empty one is a part that it does not play.
struct roles {
  std::shared_ptr<net::dialer> host;  ///< with `clients` or `http_clients`: a gateway
  std::shared_ptr<net::listener> clients;
  std::shared_ptr<net::listener> http_clients;
  std::shared_ptr<net::listener> statistics;
  std::shared_ptr<net::listener> control;  ///< the operator's, with `host`
  journal_parts journal;                   ///< with `host`; its book at least
  std::shared_ptr<net::listener> bank;     ///< the bank emulator
  make_dialer test_target;                 ///< test clients
};

/// In the order in which they are started.
std::vector<part> parts_of(caf::actor_system& system, const environment_ptr& env, const roles& r);

/// The gateway of these roles.
gateway_actor spawn_gateway(caf::actor_system& system, environment_ptr env, const roles& r);

}  // namespace actors
