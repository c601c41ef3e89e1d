// Settings from the command line and a configuration file.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "config/settings.hpp"

namespace config {

/// `arguments` without the program's name. The command line wins over the file. Returns one
/// sentence for the operator where something is wrong: what, where, and what to do.
std::variant<settings, std::string> load(std::span<const char* const> arguments);

/// All defaults.
settings defaults();

/// Where the journal lies when nobody says so: where the service manager wants it ($STATE_DIRECTORY), else
/// ./socketqueue-state.
std::string default_journal();

}  // namespace config
