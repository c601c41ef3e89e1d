// `socketqueue scenario`: plays stories and reports.
#pragma once

#include <span>

namespace command {

/// `arguments` behind the word "scenario". Exit status: 0 all good or skipped, 1 a story came out otherwise,
/// 2 misused.
int scenario(std::span<const char* const> arguments);

}  // namespace command
