// What became of each story, told to people, to CI and to scripts.
#pragma once

#include <string>
#include <vector>

#include "scenarios/command/arguments.hpp"
#include "scenarios/player/player.hpp"

namespace command {

enum class verdict { good, failed, skipped, wrong };

/// A story's fate.
struct report {
  std::string file, sentence;
  verdict is = verdict::wrong;
  std::string why;         ///< it failed, was skipped, or is wrong
  std::string steps_told;  ///< a line each, for who plays one story alone
  std::string trace;
  std::size_t left_out = 0;  ///< steps
  double seconds = 0;        ///< that playing took
};

/// A line for `steps_told`.
std::string told(const player::played_step& s);

/// While several are played: a line as each ends. Alone: step by step.
void print(const report& r, const request& q);

/// "57 passed, 1 failed, 2 skipped"
std::string summary(const std::vector<report>& reports);

std::string as_json(const std::vector<report>& reports, const request& q);

/// Whether the file could be written.
bool write_junit(const std::vector<report>& reports, const std::string& path);

}  // namespace command
