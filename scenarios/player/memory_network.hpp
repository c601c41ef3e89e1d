// What is between the gateway and its peer in memory: the gateway's machine, and the network.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace player {

/// The gateway's machine. While the process is suspended the kernel goes on: events wait for the process.
class machine {
public:
  void suspend() { suspended_ = true; }
  void resume() {
    suspended_ = false;
    for (auto& event : std::exchange(deferred_, {}))
      event();
  }
  void deliver(std::function<void()> event) {
    if (suspended_)
      deferred_.push_back(std::move(event));
    else
      event();
  }

private:
  bool suspended_ = false;
  std::vector<std::function<void()>> deferred_;
};

using machine_ptr = std::shared_ptr<machine>;

/// When the peer's TCP acknowledges what has arrived.
enum class acknowledging : std::uint8_t {
  at_once,
  late,       ///< after `network::acknowledges_after`, or with the next data that its program sends
  when_told,  ///< only with the next data that its program sends
};

/// The network between the two kernels.
struct network {
  std::function<void(std::chrono::milliseconds, std::function<void()>)> later;  ///< none: nothing takes time
  std::chrono::milliseconds latency{0};                                         ///< one way
  std::chrono::milliseconds acknowledges_after{40};
};

}  // namespace player
