// What one connection may cost, and how long it may stand still.
#pragma once

#include <chrono>
#include <cstddef>

namespace net {

struct tcp_limits {
  std::size_t read_size = 2048;      ///< bytes taken by one read
  std::size_t unsent_max = 1 << 20;  ///< bytes that a slow peer may leave with us
  std::chrono::milliseconds unacknowledged_max{
    0};  ///< bytes sent and not taken bring the link down after that long; 0: the system's minutes
};

/// For the one link to a host: much at a time, and a host that stands still must not get today's requests
/// tomorrow.
inline constexpr tcp_limits host_limits{65536, 16U << 20, std::chrono::seconds(20)};

}  // namespace net
