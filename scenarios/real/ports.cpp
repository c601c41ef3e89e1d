#include "scenarios/real/ports.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace real {

using boost::asio::ip::tcp;

std::uint16_t free_port() {
  constexpr std::uint32_t first = 20000, count = 12000;
  static std::uint32_t next = static_cast<std::uint32_t>(getpid()) * 97;
  boost::asio::io_context io;
  for (;;) {
    const auto port = static_cast<std::uint16_t>(first + next++ % count);
    tcp::acceptor trial(io);
    boost::system::error_code taken;
    trial.open(tcp::v4(), taken);
    trial.bind({tcp::v4(), port}, taken);
    if (!taken)
      return port;
  }
}

}  // namespace real
