// `socketqueue scenario`: plays stories and reports.
#pragma once

#include <span>

namespace command {

/// `arguments` behind the word "scenario". Exit status: 0 all good or skipped, 1 a story failed, 2 a story or
/// the arguments are wrong.
int scenario(std::span<const char* const> arguments);

}  // namespace command
