// What fuzzers run: functions that take any bytes, and end the process where a promise about them is broken.
#pragma once

#include <span>
#include <string_view>

namespace fuzz {

struct target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};

std::span<const target> targets();

/// nullptr where there is none of this name.
const target* find_target(std::string_view name);

}  // namespace fuzz
