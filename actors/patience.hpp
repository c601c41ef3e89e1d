// How long all kinds of sessions wait at their end.
#pragma once

#include <chrono>

namespace actors {

/// Everyone below answers or refuses by the deadline of a submit; should they not, the session does, this much later.
inline constexpr std::chrono::seconds last_patience{5};

/// How long a client may take to hang up after we have.
inline constexpr std::chrono::seconds goodbye_patience{5};

} // namespace actors
