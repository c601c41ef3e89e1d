// `socketqueue scenario` and `socketqueue simulate`: what plays them is a program of its own, beside this
// one, so that the gateway's has in it only what serves clients.
#pragma once

#include <span>

namespace actors {

/// Whether a command line begins with one of these words.
bool is_lab_command(std::span<const char* const> arguments);

/// Becomes that program, with the same arguments. Returns only where it cannot, the exit status then.
/// `argv` as main has it.
int run_lab(char** argv);

}  // namespace actors
