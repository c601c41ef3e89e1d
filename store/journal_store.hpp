// Where the journal's records lie. A record is a number, a kind and bytes here; what they mean is the
// journal's (actors/journal). No card data in clear ever comes this way: it is sealed before (sealing.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace store {

struct record {
  std::uint64_t sequence = 0;  ///< the store's own: ascending from 1, never used twice
  std::uint64_t purchase = 0;  ///< whose record it is
  std::uint8_t kind = 0;
  std::string content;

  friend bool operator==(const record&, const record&) = default;
};

/// Written as one: durable together or not at all.
struct batch {
  std::vector<record> records = {};                               ///< their `sequence` is ignored
  std::vector<std::pair<std::uint64_t, std::string>> cards = {};  ///< sealed card data, by purchase
  std::vector<std::uint64_t> erased = {};                         ///< purchases whose card data goes
  std::vector<std::uint64_t> forgotten = {};  ///< purchases of which nothing is kept any more
  std::vector<std::pair<std::string, std::uint64_t>> keys =
    {};  ///< fingerprints by which purchases are found, with their purchase

  bool empty() const {
    return records.empty() && cards.empty() && erased.empty() && forgotten.empty() && keys.empty();
  }
};

struct contents {
  std::vector<record> records;                 ///< in the order of their sequence
  std::map<std::uint64_t, std::string> cards;  ///< sealed, by purchase
  std::uint64_t adopted =
    0;  ///< purchases up to this one may have gone on since in a journal that was lost (--journalAdopt)
};

/// What a lookup found. `problem`: a sentence for the operator, empty where it could look.
struct found_records {
  std::string problem = {};
  std::vector<record> records =
    {};  ///< of one purchase, in the order of their sequence; none: there is no such purchase
};

/// One process, one thread at a time. Problems are sentences for the operator; empty: none.
class journal_store {
public:
  virtual ~journal_store() = default;

  /// Durable on return. After a problem nothing is known about this batch, and the store is not used again.
  [[nodiscard]] virtual std::string write(const batch& b) = 0;

  /// The records of the youngest purchase with this key.
  virtual found_records find(const std::string& key) = 0;

  /// Whether there is room for more than ending what is open: false below the low-water mark of the disk.
  virtual bool has_room() const = 0;
};

}  // namespace store
