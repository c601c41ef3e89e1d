// Reads the kernel's TCP counters. Separate from connection.cpp because <linux/tcp.h>, which alone has the
// newer counters, cannot be included together with <netinet/tcp.h>.

#include "net/tcp/acknowledged.hpp"

#include <linux/filter.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>

namespace net {

std::optional<std::uint64_t> bytes_acknowledged(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
      size < offsetof(tcp_info, tcpi_bytes_acked) + sizeof info.tcpi_bytes_acked)
    return {};
  return info.tcpi_bytes_acked;
}

void stop_receiving(int socket) {
  sock_filter drop_all = BPF_STMT(BPF_RET | BPF_K, 0);
  const sock_fprog program{1, &drop_all};
  setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

}  // namespace net
