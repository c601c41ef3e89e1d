// One run of the simulator: one seed, from the first purchase to the rest behind the last fault.
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
  bool trace = false;      ///< every message, and all that happened
  bool reads_log = false;  ///< every line of the log is searched for card data, which is slow
};

struct report {
  tally sums;
  std::string invariant;  ///< empty: none was violated
  std::string story;      ///< what was violated, where and when, and all that happened to that purchase
  std::string trace;
};

report run(const order& o, const codec::dialect& d);

}  // namespace simulator
