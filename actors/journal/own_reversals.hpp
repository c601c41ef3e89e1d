// What a client's own reversal means for the transaction that it takes back.
#pragma once

#include <optional>

#include "actors/journal/book.hpp"

namespace actors {

/// Who takes back a part knows the approval: that its client has it. Nothing where that is known, or another
/// thing is asked.
std::optional<decision> approval_known_by(const codec::message& reversal, const book& pages);

/// A client's reversal of what is being reversed gets the end of that.
void log_joined(const codec::message& reversal, const transaction& original);

/// `end` closes the client's own reversal `r`: the end of the transaction that it means, which its client has
/// as approved. Nothing where that stands, also but for a part, or is another's to end.
std::optional<decision> end_of_original(const transaction& r, const decision& end, const book& pages);

}  // namespace actors
