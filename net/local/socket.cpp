// Descriptors that close themselves, and connections to local sockets. `connect_local` blocks up to a
// timeout, so it must not be called on the loop's thread once the loop runs.

#include "net/local/socket.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include <cerrno>
#include <utility>

namespace net {

descriptor::descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

descriptor& descriptor::operator=(descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

descriptor::~descriptor() {
  if (fd_ >= 0)
    ::close(fd_);
}

local_connection connect_local(const std::string& path, std::chrono::milliseconds timeout) {
  descriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (made.get() < 0)
    return {descriptor(), errno};
  // connect blocks while the listener's backlog is full; a timeout of 0 would mean forever.
  const auto wait = std::max(timeout, std::chrono::milliseconds(1));
  timeval limit{};
  limit.tv_sec = static_cast<time_t>(wait.count() / 1000);
  limit.tv_usec = static_cast<suseconds_t>(wait.count() % 1000 * 1000);
  ::setsockopt(made.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  while (::connect(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    if (errno != EINTR)
      return {descriptor(), errno};
  return {std::move(made), 0};
}

}  // namespace net
