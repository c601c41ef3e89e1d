// `socketqueue send`: sends one message to a running gateway, or to a bank, and shows the answer.
#pragma once

#include <iosfwd>
#include <span>

namespace sender {

/// Whether a command line begins with it.
bool is_send_command(std::span<const char* const> arguments);

/// Runs it with the options of `environment`, "NAME=value". Returns the exit status: 0 approved, 1 declined,
/// refused or not sent, 2 wrong usage, 3 the outcome is not known.
int run_send(std::span<const char* const> arguments, std::span<const char* const> environment,
             std::ostream& out, std::ostream& err);

}  // namespace sender
