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
  using range = std::pair<std::uint64_t, std::uint64_t>;  // both ends are within

  std::vector<range> cases;  ///< their numbers; none: all
  std::string state;         ///< "needs you", "unconfirmed" or "reversing"; empty: any
  std::optional<std::chrono::seconds> older;
  std::optional<range> amount;
  std::string tid;
};

/// The options that a filter has, as "state", without "cases", which is no option.
bool is_filter(std::string_view name);

/// Reads one of them, or "cases". What is wrong with the value, if anything.
std::string read_filter(std::string_view name, std::string_view value, case_filter& into);

/// "3-17,20" in order and without overlaps; nothing where it is no such list.
std::optional<std::vector<case_filter::range>> read_cases(std::string_view text);

/// Whether an open case is meant, at the wall clock's `now`.
bool matches(const case_filter& f, const transaction& p, std::int64_t now);

}  // namespace actors
