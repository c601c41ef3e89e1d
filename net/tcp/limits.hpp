// What one connection may cost in memory, and how long it may make no progress.
#pragma once

#include <chrono>
#include <cstddef>

namespace net {

struct tcp_limits {
  std::size_t read_size = 2048;      ///< bytes per read
  std::size_t unsent_max = 1 << 20;  ///< bytes that may wait for a slow peer
  std::chrono::milliseconds unacknowledged_max{
    0};  ///< the link goes down when bytes stay unacknowledged for longer; 0: the system's default of minutes
};

/// For the one link to the host: many bytes at a time, and a short limit, so that a host that stops reading
/// does not receive requests after their deadline.
inline constexpr tcp_limits host_limits{65536, 16U << 20, std::chrono::seconds(20)};

}  // namespace net
