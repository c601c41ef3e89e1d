// What clients take back, by reversals of their own, of what a host has approved: all, or one part after the
// other.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>

#include "actors/protocol/transaction.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

/// Whether an amount (field 4) is that of the transaction: what was asked, or what the host has approved.
bool is_amount_of(const transaction& t, std::string_view amount);

/// Whether a reversal takes back less than the host has approved: by its own fields that say so, or by an
/// amount (field 4) below the approved one that is not the original's. Of more, the host gives back all.
bool takes_back_a_part(const codec::message& reversal, const transaction& original, const codec::dialect& d);

/// What a reversal says of the part that it takes back: the same of a repeat, another of another part.
std::string said_of_part(const codec::message& reversal, const codec::dialect& d);

class taken_back {
public:
  /// The host has done this reversal of a client. One with the STAN, time and part of an earlier one is its
  /// repeat, and takes back nothing more.
  void add(const transaction& reversal, const transaction& original, const codec::dialect& d);

  /// Whether nothing is left of a transaction. How much a function code alone takes back is for the host to
  /// know: such a part does not count.
  bool is_all(transaction_id id) const;

  void forget(transaction_id id) { parts_.erase(id); }

private:
  struct parts {
    std::uint64_t sum = 0;       // hundredths
    std::set<std::string> said;  // what tells one reversal from its repeats
    bool is_all = false;
  };
  std::unordered_map<transaction_id, parts> parts_;
};

}  // namespace actors
