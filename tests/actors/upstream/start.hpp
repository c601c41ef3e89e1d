// When the tests of this folder begin.
#pragma once

#include "actors/protocol/transaction.hpp"

namespace test {

inline constexpr actors::time_point start{std::chrono::hours(1)};

}  // namespace test
