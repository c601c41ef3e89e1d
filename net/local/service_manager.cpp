// One datagram for each notice. The socket is opened for each of them, so there is none to lose.

#include "net/local/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include <cstddef>

#include "net/local/socket.hpp"

namespace net {

bool service_manager::ready() {
  if (!tell("READY=1\nSTATUS=Serving"))
    return false;
  serves_ = true;
  return true;
}

void service_manager::reloading() const {
  if (!serves_)
    return;
  // The manager compares this time with that of its order.
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
  tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void service_manager::reloaded() const {
  if (serves_)
    tell("READY=1");
}

void service_manager::stopping() {
  serves_ = false;
  tell("STOPPING=1\nSTATUS=Ending: finishing what is in flight");
}

bool service_manager::tell(std::string_view state) const {
  if (!asks())
    return true;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (address_.size() >= sizeof to.sun_path)
    return false;
  address_.copy(to.sun_path, address_.size());
  const bool is_abstract = to.sun_path[0] == '@';
  if (is_abstract)
    to.sun_path[0] = '\0';
  // A path ends with a zero byte, a name that has no file does not.
  const auto size = offsetof(sockaddr_un, sun_path) + address_.size() + (is_abstract ? 0 : 1);
  const descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return socket.get() >= 0 &&
         ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&to), static_cast<socklen_t>(size)) >= 0;
}

}  // namespace net
