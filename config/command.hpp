// The commands that are about options and configuration files: completion, man, migrate.
#pragma once

#include <iosfwd>
#include <span>

#include "config/settings.hpp"

namespace config {

bool is_config_command(std::span<const char* const> arguments);

/// Returns the exit status: 0 done; 1 the file does not start this program; 2 misused.
int run_config_command(std::span<const char* const> arguments, std::ostream& out, std::ostream& err);

/// What --help, --helpJson or --version asks for; returns the exit status.
int print_text(const reading_settings& asked, std::ostream& out, std::ostream& err);

}  // namespace config
