// What a process has used so far, read from /proc.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace bench {

struct process_usage {
  std::chrono::microseconds cpu{};  ///< user and system, of all threads
  double rss_mb = 0;                ///< resident memory
};

/// None where there is no such process.
std::optional<process_usage> usage_of(std::size_t pid);

/// Raises the limit of open files as far as the system allows.
void raise_file_limit();

}  // namespace bench
