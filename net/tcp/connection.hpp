// One TCP connection, or one of a local socket, as a link.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "net/framing.hpp"
#include "net/link.hpp"
#include "net/tcp/limits.hpp"

namespace net {

/// A connected socket as a link that is not open yet.
link_ptr make_link(boost::asio::ip::tcp::socket socket, framing how, tcp_limits limits);

/// The same for a process of this machine. It acknowledges what lies in its socket, read or not.
link_ptr make_link(boost::asio::local::stream_protocol::socket socket, framing how, tcp_limits limits);

}  // namespace net
