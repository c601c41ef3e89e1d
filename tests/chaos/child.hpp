// Another program that runs beside the gateway, with all the processes that it starts.
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

  /// Its output goes to the file `log`.
  void start(const std::vector<std::string>& command, const std::string& log);

  /// Sends a signal to its first process.
  void signal(int number) const;

  /// Kills it and all processes that it has started; returns when the first has ended.
  void kill();

  bool is_running();

private:
  pid_t pid_ = -1;
};

/// Runs a command to its end. Returns its output where it failed, else nothing.
std::string failure_of(const std::string& command);

}  // namespace chaos
