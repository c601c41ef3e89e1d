// The terminal of a live view: it has its own screen, and is as before when the process ends, however it
// ends.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace actors {

class screen {
public:
  /// Takes the terminal. `is_there`: whether there is one.
  static bool is_there();
  screen();
  ~screen();
  screen(const screen&) = delete;
  screen& operator=(const screen&) = delete;

  struct size {
    std::size_t columns, rows;
  };
  size get_size() const;

  /// Shows these lines and no others, cut to the size.
  void draw(const std::vector<std::string>& lines);

  /// The key that is pressed within this time, or 0: also where the size has changed. -1: there is no input
  /// any more.
  int wait_for_key(std::chrono::milliseconds time);
};

}  // namespace actors
