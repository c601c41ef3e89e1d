// `socketqueue pending`, `retry`, `reverse` and `resolve`: an operator asks a running gateway on this
// machine.
#pragma once

#include <span>

namespace actors {

/// Whether a command line begins with one of these verbs.
bool is_operator_command(std::span<const char* const> arguments);

/// Exit status: 0: done; 1: something was refused, or `pending` shows cases that need a look; 2: wrong
/// arguments, or the gateway does not answer.
int operator_command(std::span<const char* const> arguments);

}  // namespace actors
