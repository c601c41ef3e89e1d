// The root: spawns every part of the house, watches them, closes down in order.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/emulator/test_clients.hpp"
#include "actors/journal/journal.hpp"
#include "actors/protocol/directory.hpp"

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

gateway_actor spawn_gateway(caf::actor_system& system, environment_ptr env, roles parts);

}  // namespace actors
