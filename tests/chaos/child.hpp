// A program of others that runs beside the gateway, with all the processes that it makes.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace chaos {

class child {
public:
  child() = default;
  ~child() { kill(); }
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  /// What it says goes to the file `log`.
  void start(const std::vector<std::string>& command, const std::string& log);

  /// To its first process.
  void signal(int number) const;

  /// With SIGKILL, it and all that it made; returns when the first is gone.
  void kill();

  bool is_running();

private:
  pid_t pid_ = -1;
};

/// Runs a command to its end; what it said where it failed, else nothing.
std::string failure_of(const std::string& command);

}  // namespace chaos
