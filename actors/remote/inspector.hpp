// What other CAF nodes get at `nodePort`: an actor that only reads.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "actors/core/gateway.hpp"
#include "config/settings.hpp"

namespace actors {

/// Opens the port, and makes the part of the gateway that answers at it. The error is a sentence. Waits for
/// CAF's network thread: only at the start.
std::variant<part, std::string> open_node(caf::actor_system& system, const config::node_settings& s);

}  // namespace actors
