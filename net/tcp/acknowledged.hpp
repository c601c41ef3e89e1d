// How far the peer's TCP has acknowledged what a socket sent. For net/ alone.
#pragma once

#include <cstdint>
#include <optional>

namespace net {

/// Bytes that the peer has acknowledged since the connection was made, as TCP_INFO counts them (RFC 4898,
/// tcpEStatsAppHCThruOctetsAcked): a dialed connection counts its SYN as one, a FIN counts as one. Goes on
/// telling when the connection was reset, until the descriptor is closed. Nothing where the system cannot
/// tell.
std::optional<std::uint64_t> bytes_acknowledged(int socket);

/// From now on nothing of the peer is heard by this socket: no acknowledgement and no window comes in any
/// more, so nothing leaves that they would have let out, and `bytes_acknowledged` stands still.
void stop_hearing(int socket);

}  // namespace net
