// Plays a story, step by step, and says of each whether it came as told.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "codec/dialect.hpp"
#include "scenarios/player/story.hpp"

namespace player {

struct played_step {
  const step* what;
  std::chrono::milliseconds at;        ///< since the story began, in its own time
  std::optional<std::string> failure;  ///< what came instead
};

struct outcome {
  bool good = false;
  std::optional<story_error> error;  ///< the story itself is wrong
  std::size_t steps = 0;
  std::string trace;                 ///< who handled a message and when, a line each
};

/// In virtual time; one seed, one order. The story ends at its first failure. `told` hears of each step.
outcome play(const story& s, const codec::dialect& dialect, std::uint64_t seed, const std::function<void(const played_step&)>& told = {});

} // namespace player
