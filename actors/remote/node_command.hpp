// The process that serves `nodePort`. The gateway starts it; it is no command for people.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace actors {

/// What the gateway starts it with; the first is the program's name.
std::vector<std::string> node_arguments(const config::node_settings& s);

/// Whether the arguments of the program are those.
bool is_node_command(std::span<const char* const> arguments);

/// Serves until the gateway, at its standard input, hangs up. Returns the exit status.
int run_node_command(std::span<const char* const> arguments);

}  // namespace actors
