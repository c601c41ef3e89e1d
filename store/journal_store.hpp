// The interface to the journal's records. Here a record is a number, a kind and bytes; actors/journal knows
// what they mean. Card data comes here sealed only (sealing.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace store {

struct record {
  std::uint64_t sequence = 0;     ///< given by the store: ascending from 1, never reused
  std::uint64_t transaction = 0;  ///< the id of the one it belongs to
  std::uint8_t kind = 0;
  std::string content;

  friend bool operator==(const record&, const record&) = default;
};

/// Written atomically: all of it is durable, or nothing.
struct batch {
  std::vector<record> records = {};                               ///< in this order; the store numbers them
  std::vector<std::pair<std::uint64_t, std::string>> cards = {};  ///< sealed card data, by transaction
  std::vector<std::uint64_t> erased = {};                         ///< transactions whose card data is erased
  std::vector<std::uint64_t> forgotten = {};  ///< transactions whose records are all deleted
  std::vector<std::pair<std::string, std::uint64_t>> keys =
    {};  ///< fingerprints of keys, with their transactions

  bool empty() const {
    return records.empty() && cards.empty() && erased.empty() && forgotten.empty() && keys.empty();
  }
};

struct contents {
  std::vector<record> records;                 ///< in the order of their sequence
  std::map<std::uint64_t, std::string> cards;  ///< sealed, by transaction
  std::uint64_t adopted =
    0;  ///< transactions up to this id may have gone on in a lost journal (--journalAdopt)
};

/// The result of a lookup. `problem`: a sentence for the operator where the lookup failed, else empty.
struct found_records {
  std::string problem = {};
  std::vector<record> records =
    {};  ///< of one transaction, in the order of their sequence; empty where none has the key
};

/// How much room a journal takes, and has; and whether its key is still there.
struct journal_room {
  bool is_enough = true;   ///< for new transactions: false below the disk's low-water mark
  std::uint64_t used = 0;  ///< bytes of its files
  std::uint64_t free = 0;  ///< bytes of the disk
  std::string lost_key =
    {};  ///< path of the key file that was removed or changed, without which no later start reads it
};

/// Used by one process, and one thread at a time. Problems are sentences for the operator; empty: none.
class journal_store {
public:
  virtual ~journal_store() = default;

  /// Durable on return. After a problem the state of this batch is unknown, and the store must not be used
  /// again.
  [[nodiscard]] virtual std::string write(const batch& b) = 0;

  /// The records of the latest transaction with this key.
  virtual found_records find(const std::string& key) = 0;

  virtual journal_room room() const = 0;
};

}  // namespace store
