// What a process has used so far, as /proc tells it.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace bench {

struct process_usage {
  std::chrono::microseconds cpu{};  ///< user and system, in steps of 10 ms
  double rss_mb = 0;                ///< memory that is resident now
};

/// None where there is no such process.
std::optional<process_usage> usage_of(std::size_t pid);

/// As many open files as the system lets us have.
void raise_file_limit();

}  // namespace bench
