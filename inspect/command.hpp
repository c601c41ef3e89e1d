// `socketqueue describe`, `encode`, `diff`, `detect` and `dialect`: tools for people who set up a bank's
// dialect. They read and write messages of ISO 8583 without a gateway.
#pragma once

#include <iosfwd>
#include <span>

namespace inspect {

struct streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

/// Whether a command line begins with one of these commands.
bool is_tool_command(std::span<const char* const> arguments);

/// Runs it. Returns the exit status: 0 fine; 1 no: faults, or a difference; 2 wrong usage.
int run_tool(std::span<const char* const> arguments, streams io);

}  // namespace inspect
