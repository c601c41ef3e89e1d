// What a decision changes in its transaction. Pure.
//
// Every actor that has a copy of a transaction applies decisions with these functions only, so copies never
// differ.
#pragma once

#include "actors/protocol/transaction.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

/// A request may still arrive at the host this long after the last moment in which it could be sent
/// (docs/LIFECYCLE.md, T_settle).
inline constexpr std::chrono::seconds late_arrival_max{60};

/// False, and nothing changes, if no row of the lifecycle allows it in the state of `t`. Not for `intent`,
/// which creates a transaction.
bool apply(transaction& t, const decision& d, const codec::dialect& dialect, time_point now);

/// The process that had it in hand has ended; `adopted`: its journal was copied while the host had the
/// request, so its client may know more.
bool restart(transaction& t, const codec::dialect& dialect, time_point now, bool adopted);

/// Whether `d` ends a transaction that the host has not processed and whose client was told that its outcome
/// is unknown: it is told so ever after.
bool says_told_failed(const decision& d);

/// Whether it has ended, and its host is known to have no money for it. Of a client's own reversal that was
/// repeated: for what it means. That the host does not know that proves nothing: it may name another one.
bool holds_nothing(const transaction& t, const codec::dialect& dialect);

/// The host's response with the client's STAN in it, where the host got another; `stan` is empty where it did
/// not.
message_ptr with_client_stan(message_ptr response, const std::string& stan);

/// The part of a message that may be stored after the transaction has ended.
message_ptr open_part_of(const message_ptr& m, const codec::dialect& dialect);

}  // namespace actors
