// A stream to a peer as a link.
#pragma once

#include "net/framing.hpp"
#include "net/link.hpp"
#include "net/tcp/stream.hpp"

namespace net {

/// Makes a link, not open yet, from a stream whose handshake is done.
link_ptr make_link(stream_ptr over, framing how, const tcp_limits& limits);

}  // namespace net
