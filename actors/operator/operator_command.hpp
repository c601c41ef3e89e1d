// `socketqueue pending`, `retry`, `reverse` and `resolve`: an operator asks a running gateway of this
// machine.
#pragma once

#include <span>

namespace actors {

/// Whether a command line begins with one of these words.
bool is_operator_command(std::span<const char* const> arguments);

/// Exit status: 0 done; 1 something is refused, or `pending` with cases that need a look; 2 misused or nobody
/// answers.
int operator_command(std::span<const char* const> arguments);

}  // namespace actors
