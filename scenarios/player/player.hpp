// Plays a story, step by step, and says of each whether it came as told.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "codec/dialect/dialect.hpp"
#include "scenarios/player/story.hpp"
#include "scenarios/player/world.hpp"

namespace player {

struct played_step {
  const step* what;
  std::chrono::milliseconds at;        ///< since the story began, in its own time
  std::optional<std::string> failure;  ///< what came instead
  bool left_out = false;               ///< not the client's, where there is no gateway
};

struct outcome {
  bool good = false;
  std::optional<story_error> error;  ///< the story itself is wrong
  std::string skipped;               ///< why it cannot be played this way; empty where it was
  std::size_t steps = 0;
  std::size_t left_out = 0;  ///< of the steps
  std::string trace;         ///< who handled a message and when, a line each
};

using teller = std::function<void(const played_step&)>;

/// In virtual time; one seed, one order. The story ends at its first failure. `told` hears of each step.
outcome play(const story& s, const codec::dialect& dialect, std::uint64_t seed, const teller& told = {});

struct conditions {
  way how = way::virtual_time;
  std::chrono::milliseconds timeout =
    std::chrono::milliseconds::max();  ///< a story in which more time passes is skipped
  unsigned stan_shift =
    0;  ///< added to every STAN of the story, where the other side remembers those of the last time
};

/// In another theatre.
outcome play(const story& s, const codec::dialect& dialect, const conditions& c, const make_world& make,
             const teller& told = {});

/// The time that passes in a story, as far as its steps say.
std::chrono::milliseconds length_of(const story& s);

}  // namespace player
