// Connections that a proxy passes on: each begins with a PROXY header, which says who the client is.
#pragma once

#include "net/tcp/stream.hpp"

namespace net {

/// The handshake reads the header, and fails where there is none; the peer is then whom it names. Only
/// proxies that are trusted may reach such a port (`listen_options::allowed`).
stream_layer_ptr make_proxied_layer();

}  // namespace net
