// "socketqueue simulate".
#pragma once

#include <span>

namespace simulator {

/// `arguments` behind the word; returns the exit status: 0 where no run violates anything, 1 where one does,
/// 2 where it could not begin as asked.
int simulate(std::span<const char* const> arguments);

}  // namespace simulator
