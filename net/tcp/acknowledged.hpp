// How many bytes of a socket the peer's TCP has acknowledged. For net/ alone.
#pragma once

#include <cstdint>
#include <optional>

namespace net {

/// Bytes that the peer has acknowledged since the connection was made, as TCP_INFO counts them (RFC 4898,
/// tcpEStatsAppHCThruOctetsAcked): the SYN of a dialed connection counts as one, a FIN counts as one. Valid
/// after a reset too, until the descriptor is closed. Empty where the system does not report it.
std::optional<std::uint64_t> bytes_acknowledged(int socket);

/// Makes this socket drop everything the peer sends. No acknowledgement and no window update comes in any
/// more, so the kernel sends no further data because of them, and `bytes_acknowledged` does not change.
void stop_receiving(int socket);

}  // namespace net
