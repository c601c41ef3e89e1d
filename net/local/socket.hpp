// What a local door and who asks at it share: paths that are addresses, and descriptors that close
// themselves. For net/ alone.
#pragma once

#include <chrono>
#include <string>

namespace net {

class descriptor {
public:
  explicit descriptor(int fd = -1) : fd_(fd) {}
  descriptor(descriptor&& other) noexcept;
  descriptor& operator=(descriptor&& other) noexcept;
  ~descriptor();

  int get() const { return fd_; }

private:
  int fd_;
};

/// Why no socket can have this path: a sentence, empty where one can.
std::string fault_of_local_path(const std::string& path);

struct local_call {
  descriptor socket;
  int error =
    0;  ///< an errno, 0 where `socket` is connected; EAGAIN where nobody took the call within the patience
};

/// Blocks up to `patience`. The path must be without fault.
local_call call_local(const std::string& path, std::chrono::milliseconds timeout);

}  // namespace net
