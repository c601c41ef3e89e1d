// Decides which of the records found may be used, for every kind of store.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "store/journal_store.hpp"

namespace store {

/// The records as they were read, not verified yet.
struct found {
  struct item {
    record what;
    bool intact = true;  ///< its check value is right
  };
  std::vector<item> records;       ///< in the order of their sequence
  std::uint64_t highest = 0;       ///< the highest sequence ever given, deleted records included
  std::uint64_t acknowledged = 0;  ///< the watermark: the highest sequence that is certainly durable
};

struct verified {
  std::vector<record> records;
  std::vector<std::uint64_t> cut;  ///< sequences of the torn tail, to be deleted
  std::vector<std::string> notes;  ///< one sentence for each of them
};

/// Cuts off damaged records at the end that were never acknowledged. Any other missing or damaged record is
/// an error, a sentence for the operator.
std::variant<verified, std::string> verify(found all);

}  // namespace store
