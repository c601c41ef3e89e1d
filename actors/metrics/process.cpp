#include "actors/metrics/process.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <optional>

namespace actors {

namespace {

prometheus::MetricFamily family(const char* name, const char* help, prometheus::MetricType type,
                                double value) {
  prometheus::ClientMetric metric;
  if (type == prometheus::MetricType::Counter)
    metric.counter.value = value;
  else
    metric.gauge.value = value;
  return {name, help, type, {metric}};
}

// The entries of /proc/self/fd, less the one of this reading.
std::optional<double> open_files() {
  auto* directory = ::opendir("/proc/self/fd");
  if (!directory)
    return {};
  double count = -1;
  while (const auto* entry = ::readdir(directory))
    count += entry->d_name[0] == '.' ? 0 : 1;
  ::closedir(directory);
  return count;
}

// Pages of /proc/self/statm: the address space, and what is resident.
std::optional<std::pair<double, double>> memory() {
  auto* file = std::fopen("/proc/self/statm", "re");
  if (!file)
    return {};
  double virtual_pages = 0, resident_pages = 0;
  const auto read = std::fscanf(file, "%lf %lf", &virtual_pages, &resident_pages);
  std::fclose(file);
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  if (read != 2)
    return {};
  return std::pair(virtual_pages * page, resident_pages * page);
}

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

}  // namespace

std::vector<prometheus::MetricFamily> process_families() {
  using prometheus::MetricType;
  std::vector<prometheus::MetricFamily> all;
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) == 0)
    all.push_back(family("process_cpu_seconds_total", "User and system CPU time", MetricType::Counter,
                         seconds(used.ru_utime) + seconds(used.ru_stime)));
  if (const auto bytes = memory()) {
    all.push_back(family("process_virtual_memory_bytes", "Address space", MetricType::Gauge, bytes->first));
    all.push_back(
      family("process_resident_memory_bytes", "Resident memory", MetricType::Gauge, bytes->second));
  }
  if (const auto files = open_files())
    all.push_back(family("process_open_fds", "Open file descriptors", MetricType::Gauge, *files));
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0)
    all.push_back(family("process_max_fds", "How many file descriptors may be open", MetricType::Gauge,
                         static_cast<double>(files.rlim_cur)));
  return all;
}

}  // namespace actors
