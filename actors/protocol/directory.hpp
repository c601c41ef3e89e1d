// The directory of the running parts, and the gateway, which starts them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "actors/protocol/emulator.hpp"
#include "actors/protocol/events.hpp"
#include "actors/protocol/host_requests.hpp"
#include "actors/protocol/idempotency.hpp"
#include "actors/protocol/journal.hpp"
#include "actors/protocol/metrics.hpp"
#include "actors/protocol/overview.hpp"
#include "actors/protocol/reversal.hpp"
#include "actors/protocol/submit.hpp"

namespace actors {

/// Starts the parts.
using parts_owner =
  caf::typed_actor<caf::replies_to<children_atom>::with<std::vector<std::pair<std::string, caf::actor>>>>;

/// The parts that exist once. A restarted part has a new handle: an actor that gets a directory replaces the
/// one before.
struct directory {
  dispatcher_actor dispatcher = {};
  host_actor upstream = {};
  stats_actor stats = {};
  idempotency_actor idempotency = {};
  journal_actor journal = {};
  reversal_supervisor_actor reversals = {};
  test_clients_actor test_clients = {};
  host_requests_actor host_requests = {};  ///< where clients take requests of the host
  admin_events_actor admin_events = {};    ///< where the admin port is open
  overview_actor overview = {};
  parts_owner root = {};  ///< the gateway
};

/// The root actor. `children`: the running parts by name. `drain` ends the process in order; the reply comes
/// when nothing is in flight.
using gateway_actor = parts_owner::extend<caf::replies_to<drain_atom>::with<test_report>,
                                          caf::reacts_to<reset_atom>, caf::reacts_to<tick_atom, std::string>>;

}  // namespace actors
