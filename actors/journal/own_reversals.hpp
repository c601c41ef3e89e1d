// What a client's own reversal means for the transaction that it takes back.
#pragma once

#include <optional>

#include "actors/journal/book.hpp"

namespace actors {

/// `end` closes the client's own reversal `r`: the end of the transaction that it means, which its client has
/// as approved. Nothing where that stands, or is another's to end.
std::optional<decision> end_of_original(const transaction& r, const decision& end, const book& pages);

}  // namespace actors
