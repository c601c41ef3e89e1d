#include "tests/bench/process_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace bench {

std::optional<process_usage> usage_of(std::size_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line))
    return {};
  // The second value is the program's name in parentheses, which may contain anything. Behind it are values 3
  // and up; 14 and 15 are ticks in user and system mode, 24 is pages.
  std::istringstream values(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int number = 3; number < 14; ++number)
    values >> skipped;
  long user = 0, system = 0, pages = 0;
  values >> user >> system;
  for (int number = 16; number < 24; ++number)
    values >> skipped;
  values >> pages;
  return process_usage{std::chrono::microseconds((user + system) * (1'000'000 / sysconf(_SC_CLK_TCK))),
                       static_cast<double>(pages * sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0)};
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
