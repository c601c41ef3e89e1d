// "socketqueue simulate".
#pragma once

#include <span>

namespace simulator {

/// `arguments` behind the word "simulate". Exit status: 0 no run violates an invariant, 1 one does, 2 the
/// arguments are wrong.
int simulate(std::span<const char* const> arguments);

}  // namespace simulator
