// Transactions that have ended, packed: many are remembered for a day, and few of them are looked at again.
// No actor.
//
// A transaction takes about 150 bytes here, and a kilobyte in the book. What is packed and unpacked is the
// same but for fields that nobody asks for when it was approved, and for what only an open transaction has.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/protocol/transaction.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

/// The oldest one leaves first.
class packed_transactions {
public:
  /// Adds one that has ended and has no public id. `trace`: by which `with_trace` finds it.
  void add(const transaction& t, std::string_view trace, const codec::dialect& d);

  std::optional<transaction> find(transaction_id id) const;

  /// Removes it.
  void remove(transaction_id id);

  /// Those with this trace, the oldest first; perhaps others too.
  std::vector<transaction_id> with_trace(std::string_view trace) const;

  /// What is known of one that is not unpacked.
  struct glance {
    transaction_id id;
    time_point since;
    std::int64_t begun;
    lifecycle::state state;
    bool is_reversal, host_agreed, attempt_lost;
    std::uint16_t moment, day;  ///< as `moment_of` and `day_of` its request
  };

  /// Calls `look` with a glance of each of those of `with_trace`, the youngest first, until it returns false.
  template <class Look>
  void look_at(std::string_view trace, Look look) const {
    for (const auto* p = first_with(trace); p && look(glance_of(*p)); p = next_with(*p)) {}
  }

  /// Requests with different numbers are not of the same moment (codec::may_be_same_moment), or day. 0: its
  /// moment is not told apart from others.
  static std::uint16_t moment_of(const codec::message& request, const codec::dialect& d);
  static std::uint16_t day_of(const codec::message& request, const codec::dialect& d);

  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }

  /// When the oldest one ended, and its id. Not where it is empty.
  time_point oldest_since() const { return all_.front().since; }
  transaction_id oldest() const { return all_.front().id; }
  void remove_oldest();

private:
  // Numbers ascend, and are never used again; a place keeps its low 32 bits.
  using number = std::uint32_t;

  // Chains lead from a younger one to older ones. Those that have left are the last ones of their chains, so
  // they are passed over and not taken out of them.
  struct place {
    transaction_id id;
    time_point since;
    const char* bytes;  // in a run; none: it was removed
    number hash;        // of its trace
    number next_with_hash, next_with_id;
    std::uint16_t moment, day;
  };

  // The bytes of many transactions, freed when the last of them has left. A piece for each would take more.
  struct run {
    std::unique_ptr<char[]> bytes;
    std::size_t used, size;
    number last;  // whose bytes are in it
  };

  const char* keep(std::string_view bytes);
  const place* at(number n) const {
    const number index = n - first_;
    return index < all_.size() ? &all_[index] : nullptr;
  }
  const place* place_of(transaction_id id) const;
  const place* first_with(std::string_view trace) const;
  const place* next_with(const place& before) const;
  static glance glance_of(const place& p);
  void link(number n);
  void grow();
  void drop_removed();

  std::deque<place> all_;
  std::deque<run> runs_;
  number first_ = 0;                     // the number of the front of `all_`
  std::size_t count_ = 0;                // without those that were removed
  std::vector<number> by_hash_, by_id_;  // the youngest of each chain; 2^n chains
};

}  // namespace actors
