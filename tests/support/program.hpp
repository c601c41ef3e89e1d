// The released program as a child process, and plain clients of it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/store/directory.hpp"

namespace support {

/// A port of this machine that nobody uses.
std::uint16_t free_port();

/// Runs until it is ended or destroyed; destroyed, it is killed. A gateway that is not told where its journal
/// is gets a directory for it, which goes with it.
class program {
public:
  explicit program(const std::vector<std::string>& arguments);
  ~program();
  program(const program&) = delete;
  program& operator=(const program&) = delete;

  /// Reads its output until `text` appears `times` times; false if it ends before, or in no reasonable time.
  bool says(const std::string& text, int times = 1);

  void signal(int number) const;

  /// Waits for its end: its exit status, -1 for death by a signal.
  int wait();

  /// All that it said so far, standard output and error together.
  const std::string& output() const { return output_; }

  pid_t pid() const { return pid_; }

private:
  bool read_more();

  std::optional<test::directory> journal_;
  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string output_;
  int status_ = -1;
  bool waited_ = false;
};

/// Sends `bytes` to a port of this machine and returns all that comes back until the peer closes.
std::string ask_port(std::uint16_t port, const std::string& bytes);

}  // namespace support
