// `socketqueue emulator`: tells a running bank emulator how to treat requests from now on.
#pragma once

#include <span>

namespace actors {

/// Whether a command line begins with it.
bool is_emulator_command(std::span<const char* const> arguments);

/// Runs it. Returns the exit status: 0 done; 1 refused; 2 misused, or no emulator answers.
int run_emulator_command(std::span<const char* const> arguments);

}  // namespace actors
