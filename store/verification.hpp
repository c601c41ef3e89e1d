// What a start may believe of what it finds, wherever the records lie.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "store/journal_store.hpp"

namespace store {

/// As it was read, before anyone believes it.
struct found {
  struct item {
    record what;
    bool intact = true;  ///< its check value fits
  };
  std::vector<item> records;       ///< in the order of their sequence
  std::uint64_t highest = 0;       ///< the highest sequence ever given; what is forgotten counts
  std::uint64_t acknowledged = 0;  ///< the highest sequence that is certainly durable: the watermark
};

struct verified {
  std::vector<record> records;
  std::vector<std::uint64_t> cut;  ///< sequences of the torn tail, to be deleted
  std::vector<std::string> notes;  ///< a sentence for each of them
};

/// A torn tail that nobody was told of is cut. Anything else that is missing or damaged refuses the start, in
/// a sentence.
std::variant<verified, std::string> verify(found all);

}  // namespace store
