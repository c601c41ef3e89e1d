// One TCP connection as a link.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "net/framing.hpp"
#include "net/link.hpp"
#include "net/tcp_limits.hpp"

namespace net {

/// A connected socket as a link that is not open yet.
link_ptr make_tcp_link(boost::asio::ip::tcp::socket socket, framing how, tcp_limits limits);

} // namespace net
