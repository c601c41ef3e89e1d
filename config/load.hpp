// Reads the settings from the command line and a configuration file.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "config/settings.hpp"

namespace config {

/// `arguments` are without the program's name. The command line wins over the file. The second alternative is
/// one sentence for the operator: what is wrong, where, and what to do.
std::variant<settings, std::string> load(std::span<const char* const> arguments);

/// The settings with all defaults.
settings defaults();

/// The journal's directory when no option names one: where the service manager wants it ($STATE_DIRECTORY),
/// else ./socketqueue-state.
std::string default_journal();

}  // namespace config
