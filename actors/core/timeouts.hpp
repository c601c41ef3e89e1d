// How long actors wait for each other, for the host and for clients.
#pragma once

#include <chrono>

namespace actors {

/// Everyone below answers or refuses by the deadline of a submit; should they not, the session does, this
/// much later.
inline constexpr std::chrono::seconds answer_margin{5};

/// How long a client may take to hang up after we have.
inline constexpr std::chrono::seconds close_timeout{5};

/// How long a client's TCP may take to acknowledge an approval.
inline constexpr std::chrono::seconds delivery_timeout{10};

/// The same while it goes on acknowledging what came before, over a slow network.
inline constexpr std::chrono::seconds slow_delivery_timeout{60};

/// How long a client that lost its connection may come back for its approval, where its contract says so.
inline constexpr std::chrono::seconds fetch_timeout{30};

}  // namespace actors
