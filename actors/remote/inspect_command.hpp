// `socketqueue inspect`: another CAF node looks at a running gateway.
#pragma once

#include <span>

namespace actors {

bool is_inspect_command(std::span<const char* const> arguments);

/// Returns the exit status.
int inspect_command(std::span<const char* const> arguments);

}  // namespace actors
