// One run of the simulator: one seed, from the first purchase until all is at rest after the last fault.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codec/dialect/dialect.hpp"
#include "scenarios/simulator/tally.hpp"

namespace simulator {

struct order {
  std::uint64_t seed = 1;
  std::uint64_t purchases = 30;
  bool trace = false;       ///< keep every message, and all that happened
  bool reads_log = false;   ///< search every log line for card data, which is slow
  std::uint64_t links = 0;  ///< to the bank: 1 or 2; 0: as the seed has it
};

struct report {
  tally sums;
  std::string invariant;  ///< empty: none was violated
  std::string story;      ///< what was violated, where and when, and the history of that transaction
  std::string trace;
};

report run(const order& o, const codec::dialect& d);

}  // namespace simulator
