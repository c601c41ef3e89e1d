// What a service manager (systemd, and those that speak its protocol) has put into the environment.
#pragma once

#include <chrono>
#include <string>

namespace config {

struct service_manager_settings {
  std::string socket;                    ///< where it is told how the process is; empty: nobody asks
  std::chrono::milliseconds watchdog{};  ///< it ends a process that is silent for so long; 0: it does not
};

/// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and takes them out of the environment: programs that
/// this process starts must not speak for it. Call it once, before there are threads.
service_manager_settings take_service_manager();

}  // namespace config
