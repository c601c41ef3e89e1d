// `socketqueue scenario` and `socketqueue simulate` run `socketqueue-lab`, a second program beside this one,
// so that the gateway's program contains only what serves clients.
#pragma once

#include <span>

namespace actors {

/// Whether a command line begins with one of these commands.
bool is_lab_command(std::span<const char* const> arguments);

/// Replaces this process by that program, with the same arguments; `argv` as in main. Returns the exit status
/// only if that fails.
int run_lab(char** argv);

}  // namespace actors
