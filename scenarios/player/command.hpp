// `socketqueue scenario`: plays stories and reports.
#pragma once

#include <span>

namespace player {

/// `arguments` behind the word "scenario". Exit status: 0 all good, 1 a story came out otherwise, 2 misused.
int command(std::span<const char* const> arguments);

} // namespace player
