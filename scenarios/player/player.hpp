// Plays a story step by step and reports whether each step came out as written.
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
  std::chrono::milliseconds at;        ///< since the story began, in the story's time
  std::optional<std::string> failure;  ///< what happened instead
  bool left_out = false;               ///< skipped: not a client's step, where there is no gateway
};

struct outcome {
  bool good = false;
  std::optional<story_error> error;  ///< the story itself is wrong
  std::string skipped;               ///< why the story cannot be played this way; empty where it was played
  std::size_t steps = 0;
  std::size_t left_out = 0;  ///< of `steps`
  std::string trace;         ///< which actor handled a message and when, one line each
};

using step_observer = std::function<void(const played_step&)>;

/// Plays a story in virtual time; the seed decides the order. Ends at the first failure. Calls `on_step`
/// after each step.
outcome play(const story& s, const codec::dialect& dialect, std::uint64_t seed,
             const step_observer& on_step = {});

struct conditions {
  way how = way::virtual_time;
  std::chrono::milliseconds timeout =
    std::chrono::milliseconds::max();  ///< a story in which more time passes is skipped
  unsigned stan_shift =
    0;  ///< added to every STAN of the story, where the other side remembers those of earlier runs
};

/// Plays a story in the world that `make` makes.
outcome play(const story& s, const codec::dialect& dialect, const conditions& c, const make_world& make,
             const step_observer& on_step = {});

/// How much time passes in a story, by its steps.
std::chrono::milliseconds length_of(const story& s);

}  // namespace player
