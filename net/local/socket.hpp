// Descriptors that close themselves, and connections: shared by the local listener, the local client and
// child. For net/ alone.
#pragma once

#include <chrono>
#include <string>
#include <utility>

namespace net {

class descriptor {
public:
  explicit descriptor(int fd = -1) : fd_(fd) {}
  descriptor(descriptor&& other) noexcept;
  descriptor& operator=(descriptor&& other) noexcept;
  ~descriptor();

  int get() const { return fd_; }

  /// From now on it does not close it.
  int release() { return std::exchange(fd_, -1); }

private:
  int fd_;
};

struct local_connection {
  descriptor socket;
  int error = 0;  ///< an errno; 0: `socket` is connected; EAGAIN: not accepted within the timeout
};

/// Connects to the socket at `path`. Blocks for at most `timeout`. `fault_of_local_path` must have accepted
/// the path.
local_connection connect_local(const std::string& path, std::chrono::milliseconds timeout);

}  // namespace net
