// One TCP connection as a link.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "net/framing.hpp"
#include "net/link.hpp"

namespace net {

struct tcp_limits {
  std::size_t read_size = 2048;        ///< bytes taken by one read
  std::size_t unsent_max = 1 << 20;    ///< bytes that a slow peer may leave with us
};

/// A connected socket as a link that is not open yet.
link_ptr make_tcp_link(boost::asio::ip::tcp::socket socket, framing how, tcp_limits limits);

} // namespace net
