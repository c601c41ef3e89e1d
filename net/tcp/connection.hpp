// A TCP or local socket connection as a link.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "net/framing.hpp"
#include "net/link.hpp"
#include "net/tcp/limits.hpp"

namespace net {

/// Makes a link, not open yet, from a connected socket.
link_ptr make_link(boost::asio::ip::tcp::socket socket, framing how, tcp_limits limits);

/// The same for a local socket. Its bytes count as acknowledged when the kernel has taken them, read or not.
link_ptr make_link(boost::asio::local::stream_protocol::socket socket, framing how, tcp_limits limits);

}  // namespace net
