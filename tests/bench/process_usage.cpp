#include "tests/bench/process_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <string>

namespace bench {

std::optional<process_usage> usage_of(std::size_t pid) {
  clockid_t clock{};
  timespec used{};
  // The clock, because /proc tells CPU time in steps of 10 ms.
  if (clock_getcpuclockid(static_cast<pid_t>(pid), &clock) != 0 || clock_gettime(clock, &used) != 0)
    return {};
  // Its second value is the resident pages.
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  long all = 0, resident = 0;
  if (!(file >> all >> resident))
    return {};
  const auto cpu = std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
  return process_usage{std::chrono::duration_cast<std::chrono::microseconds>(cpu),
                       static_cast<double>(resident * sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0)};
}

void raise_file_limit() {
  constexpr rlim_t wanted = 65'536;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit all{wanted, limit.rlim_max < wanted ? wanted : limit.rlim_max};
  // Only root may exceed the hard limit; other users take the hard limit.
  if (setrlimit(RLIMIT_NOFILE, &all) == 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace bench
