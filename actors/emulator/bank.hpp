// The bank emulator: an actor for each connection; all share one ledger.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/emulator/bank_ledger.hpp"
#include "actors/emulator/bank_misbehaviour.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// `link` is not open yet. `ledger` outlives the connection. `misbehaviour` may change while it runs.
session_actor spawn_bank(
  caf::actor_system& system, environment_ptr env, net::link_ptr link, std::shared_ptr<bank_ledger> ledger,
  std::shared_ptr<const bank_misbehaviour> misbehaviour = std::make_shared<const bank_misbehaviour>());

}  // namespace actors
