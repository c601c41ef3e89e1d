// Reports the result of each story to people, to CI and to scripts.
#pragma once

#include <string>
#include <vector>

#include "scenarios/command/arguments.hpp"
#include "scenarios/player/player.hpp"

namespace command {

enum class verdict { good, failed, skipped, wrong };

/// The result of a story.
struct report {
  std::string file, sentence;
  verdict is = verdict::wrong;
  std::string why;         ///< it failed, was skipped, or is wrong
  std::string step_lines;  ///< one line each, printed when one story is played alone
  std::string trace;
  std::size_t left_out = 0;  ///< steps not played
  double seconds = 0;        ///< how long playing took
};

/// A line for `step_lines`.
std::string line_of(const player::played_step& s);

/// With several stories: one line when each ends. With one: step by step.
void print(const report& r, const request& q);

/// "57 passed, 1 failed, 2 skipped"
std::string summary(const std::vector<report>& reports);

std::string as_json(const std::vector<report>& reports, const request& q);

/// Returns whether the file could be written.
bool write_junit(const std::vector<report>& reports, const std::string& path);

}  // namespace command
