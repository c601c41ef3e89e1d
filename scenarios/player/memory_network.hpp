// What lies between the gateway's program and its peer's in a world of memory: the gateway's kernel, and the
// network.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace player {

/// The gateway's machine. While its process stands still its kernel goes on: what comes meanwhile waits for
/// the process.
class machine {
public:
  void stands_still() { still_ = true; }
  void goes_on() {
    still_ = false;
    for (auto& happening : std::exchange(meanwhile_, {}))
      happening();
  }
  void tell(std::function<void()> happening) {
    if (still_)
      meanwhile_.push_back(std::move(happening));
    else
      happening();
  }

private:
  bool still_ = false;
  std::vector<std::function<void()>> meanwhile_;
};

using machine_ptr = std::shared_ptr<machine>;

/// When the peer's TCP acknowledges what has arrived.
enum class acknowledging : std::uint8_t {
  at_once,
  late,       ///< after `network::acknowledges_after`, or with what its program says next
  when_told,  ///< the same, but never by itself
};

/// The way between the two kernels.
struct network {
  std::function<void(std::chrono::milliseconds, std::function<void()>)> later;  ///< none: nothing takes time
  std::chrono::milliseconds latency{0};                                         ///< one way
  std::chrono::milliseconds acknowledges_after{40};
};

}  // namespace player
