// The configuration of an actor system that other CAF nodes can reach, or that reaches one.
#pragma once

#include <caf/all.hpp>

#include <string>

#include "config/settings.hpp"

namespace actors {

/// Makes `c` a node, with TLS where the settings have it.
void make_node(caf::actor_system_config& c, const config::node_settings& s);

/// What is wrong with the files of TLS; empty: nothing. CAF would end the process with an exception of its
/// own.
std::string fault_of_tls(const config::node_settings& s);

}  // namespace actors
