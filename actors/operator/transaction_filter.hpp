// Which of the last transactions somebody wants to see at the admin port. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/protocol/inspection.hpp"

namespace actors {

struct transaction_filter {
  std::size_t last = 50;  ///< not more than so many, the newest
  /// Each must fit; empty: any. `tid` is its last digits; leading zeros of `stan` and `code` do not count;
  /// `outcome` is also the state of its reversal, as "needs-you".
  std::string tid, stan, code, outcome;
  std::vector<std::string> words;  ///< in lower case, each part of what a list shows of it
};

/// A fault of `query` in one sentence, for all of them.
inline constexpr const char* filter_fault =
  "last= must be a number from 1 to 1000, and tid=, stan=, code=, outcome= or find= a text, each once, as in "
  "?last=50&outcome=declined; find= takes up to 8 words and 100 characters";

/// Of a query as "last=50&tid=42"; nothing where it has a fault.
std::optional<transaction_filter> read_transaction_filter(const std::string& query);

/// Those that fit, and how many these are.
inspection::transactions fitting(const inspection::transactions& all, const transaction_filter& filter);

}  // namespace actors
