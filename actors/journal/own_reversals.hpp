// What a client's own reversal means for the transaction that it takes back.
#pragma once

#include <optional>

#include "actors/journal/book.hpp"

namespace actors {

/// Who takes back a part knows the approval: that its client has it. Nothing where that is known, or another
/// thing is asked.
std::optional<decision> approval_known_by(const codec::message& reversal, const book& pages);

/// An attempt of a client's own reversal that means more than its intent could know, with that; nothing where
/// `d` is another decision.
std::optional<decision> attempt_with_original(const decision& d, const book& pages);

/// A client's reversal of what is being reversed gets the end of that.
void log_joined(const codec::message& reversal, const transaction& original);

/// The end of an approved transaction of which its client has taken back all. Nothing where it stands, also
/// but for a part, or where its client may not have it yet.
std::optional<decision> end_by_client(transaction_id id, const book& pages);

}  // namespace actors
