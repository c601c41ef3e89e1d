// How long after a request the host may still respond to it. Until then a response that does not say its
// time may be meant for that request or for a later one with the same TID and STAN, and is taken for neither.
//
// in_flight (upstream/) asks this of the requests that its link remembers, the book (journal/) of all that
// are on the disk. One place, so that both answer alike.
#pragma once

#include <chrono>

namespace actors {

/// For so long the host may repeat a response.
inline constexpr std::chrono::seconds response_repeated_for{60};

/// For so long a response that is missing may still come.
inline constexpr std::chrono::seconds response_owed_for{3600};

}  // namespace actors
