// Decisions as the store keeps them, and back. No actor in it.
#pragma once

#include <string>
#include <variant>

#include "actors/journal/book.hpp"
#include "store/journal_store.hpp"
#include "store/sealing.hpp"

namespace actors {

/// Adds a decision to what is to be written. `wall`: seconds since 1970, of an intent.
void write_decision(store::batch& into, const decision& d, std::int64_t wall, const codec::dialect& dialect,
                    const store::sealer& sealer);

/// The fingerprint of the key by which the purchase of a record is found; empty where it has none, or cannot
/// be read.
std::string key_of(const store::record& r, const store::sealer& sealer);

/// Reads everything into `into`, as it stood when the last process ended; what that process had under way is
/// then to be reversed or unconfirmed (`book::begin_anew`). The error names the record. Ended purchases count
/// as ended now.
std::string replay(book& into, const store::contents& what, const codec::dialect& dialect,
                   const store::sealer& sealer, time_point now);

}  // namespace actors
