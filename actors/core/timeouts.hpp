// How long actors wait for each other, for the host and for clients.
#pragma once

#include <chrono>

namespace actors {

/// Every actor answers or refuses a submit by its deadline. If one does not, the session refuses it this much
/// later.
inline constexpr std::chrono::seconds answer_margin{5};

/// How long a client may take to close its side of a connection that the gateway has closed.
inline constexpr std::chrono::seconds close_timeout{5};

/// How long a client's TCP may take to acknowledge an approval.
inline constexpr std::chrono::seconds delivery_timeout{10};

/// The same while it acknowledges earlier bytes, over a slow network.
inline constexpr std::chrono::seconds slow_delivery_timeout{60};

/// How long a client that lost its connection may ask again for its approval, if its delivery allows it.
inline constexpr std::chrono::seconds fetch_timeout{30};

}  // namespace actors
