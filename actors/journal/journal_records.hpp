// Decisions as the store has them, and back. No actor.
#pragma once

#include <string>
#include <variant>

#include "actors/core/own_numbers.hpp"
#include "actors/journal/book.hpp"
#include "store/journal_store.hpp"
#include "store/sealing.hpp"

namespace actors {

/// Adds a decision to a batch. `wall`: seconds since 1970, of an intent.
void write_decision(store::batch& into, const decision& d, std::int64_t wall, const codec::dialect& dialect,
                    const store::sealer& sealer);

/// Adds that STANs of the gateway's own are reserved, as a record with an id that no transaction has.
void write_reservation(store::batch& into, transaction_id id, const own_numbers::reservation& r);

/// Adds that the host has a request that moves no money: its TID and STAN, where these may be stored.
void write_unanswered(store::batch& into, const request_without_money& r, std::int64_t wall,
                      const codec::dialect& dialect);

/// A record as it was read.
struct journal_record {
  decision what;            ///< of kind `numbers`: its host alone
  std::int64_t wall = 0;    ///< of an intent: seconds since 1970
  std::uint64_t until = 0;  ///< of kind `numbers`
};

/// Reads a record of this or an older program; the card is not in it. Throws a std::exception where it cannot
/// be read.
journal_record read_record(const store::record& r, const store::sealer& sealer);

/// The outcome of a transaction that has ended; throws std::invalid_argument for any other text.
lifecycle::state outcome_called(std::string_view name);

/// The fingerprint of the key of a record's transaction; empty if it has none or cannot be read.
std::string key_of(const store::record& r, const store::sealer& sealer);

/// Reads all records into `into`, up to the state when the last process ended; what that process had under
/// way is then to be reversed or unconfirmed (`book::finish_replay`). Returns an error that names the record;
/// empty: none. The age of ended transactions counts from `now`.
std::string replay(book& into, const store::contents& what, const store::sealer& sealer, time_point now);

}  // namespace actors
