// Which open cases an operator means: "--state=unconfirmed --older=2h", "3-17,20". Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/protocol/transaction.hpp"

namespace actors {

struct case_filter {
  using range = std::pair<std::uint64_t, std::uint64_t>;  // both ends included

  std::vector<range> cases;  ///< ranges of case numbers; empty: all
  std::string state;         ///< "needs you", "unconfirmed" or "reversing"; empty: any
  std::optional<std::chrono::seconds> older;
  std::optional<range> amount;
  std::string tid;
};

/// Whether `name` is an option of a filter, as "state"; "cases" is none.
bool is_filter(std::string_view name);

/// Reads one of them, or "cases", into `into`. Returns what is wrong with the value; empty: nothing.
std::string read_filter(std::string_view name, std::string_view value, case_filter& into);

/// "3-17,20" as ranges in order and without overlaps; nothing if the text is no such list.
std::optional<std::vector<case_filter::range>> read_cases(std::string_view text);

/// Whether an open case matches; `now`: the wall clock, seconds since 1970.
bool matches(const case_filter& f, const transaction& p, std::int64_t now);

}  // namespace actors
