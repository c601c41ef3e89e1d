// The gateway's side of `nodePort`: the port is served by a process of its own, which asks the gateway.
//
//   other nodes <-CAF-> inspector (in the process) -question-> node_process -summary, links, ...-> overview
#pragma once

#include <string>
#include <variant>

#include "actors/core/gateway.hpp"
#include "config/settings.hpp"
#include "net/loop.hpp"

namespace actors {

/// Starts the process, and makes the part of the gateway that answers it and starts it again when it ends.
/// `program`: the path of this program. The error is a sentence. Waits until the port is open: only at the
/// start.
std::variant<part, std::string> open_node(net::loop& on, const std::string& program,
                                          const config::node_settings& s);

}  // namespace actors
