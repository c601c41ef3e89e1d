// What a decision changes about the transaction that it is about. Pure.
//
// Every holder of a copy of a transaction applies the decisions about it by this alone, so copies never
// differ.
#pragma once

#include "actors/protocol/transaction.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

/// How long after we could last have sent it a transaction may still reach the host's books
/// (docs/LIFECYCLE.md, T_settle).
inline constexpr std::chrono::seconds late_arrival_max{60};

/// False, and nothing changes, where no row of the lifecycle lets `t` take it. Not for `intent`, with which a
/// transaction begins.
bool apply(transaction& t, const decision& d, const codec::dialect& dialect, time_point now);

/// The process that had it has ended; `adopted`: its journal was copied while it was at the host, so its
/// client may know more.
bool restart(transaction& t, const codec::dialect& dialect, time_point now, bool adopted);

/// What of a message may be kept when the transaction has ended.
message_ptr open_part_of(const message_ptr& m, const codec::dialect& dialect);

}  // namespace actors
