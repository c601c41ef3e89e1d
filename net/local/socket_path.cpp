// The kernel's limit for the path of a local socket is far below that for files.

#include "net/local/socket_path.hpp"

#include <sys/un.h>

namespace net {

std::string fault_of_local_path(const std::string& path) {
  constexpr auto size_max = sizeof(sockaddr_un::sun_path) - 1;
  if (path.empty())
    return "a local socket needs a path, and there is none";
  if (path.size() > size_max)
    return "the path of a local socket may have " + std::to_string(size_max) + " bytes and this one has " +
           std::to_string(path.size()) + ", choose a shorter folder: " + path;
  return {};
}

}  // namespace net
