// The released program as a child process, and plain clients of it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/lab/bank_port.hpp"
#include "tests/store/directory.hpp"

namespace support {

using lab::free_port;

/// Runs until it ends; the destructor kills it. A gateway without an option for its journal gets a temporary
/// directory for it, and one without --v or --vv the former, so that tests can wait for its lines.
class program {
public:
  explicit program(const std::vector<std::string>& arguments, const char* path = PROGRAM);
  ~program();
  program(const program&) = delete;
  program& operator=(const program&) = delete;

  /// Reads the output until `text` appears `times` times; false where it ends before, or a minute passes.
  bool says(const std::string& text, int times = 1);

  void signal(int number) const;

  /// Waits for its end and returns its exit status, -1 where a signal ended it.
  int wait();

  /// The whole output so far, standard output and error together.
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

/// "--name=port"
inline std::string port_option(const char* name, std::uint16_t port) {
  return std::string("--") + name + "=" + std::to_string(port);
}

/// Sends `bytes` to a port of this machine and returns everything received until the peer closes.
std::string ask_port(std::uint16_t port, const std::string& bytes);

}  // namespace support
