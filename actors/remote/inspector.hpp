// What other CAF nodes get at `nodePort`: an actor that only reads.
#pragma once

#include <string>

#include "actors/protocol/inspection.hpp"
#include "config/settings.hpp"

namespace actors {

/// Opens the port, where other nodes get an inspector that asks `gateway`. The result is the sentence that
/// says why not; empty: it is open. Waits for CAF's network thread.
std::string publish_inspector(caf::actor_system& system, const config::node_settings& s,
                              const inspection::inspector_actor& gateway);

}  // namespace actors
