// Accepts connections on a port.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "net/framing.hpp"
#include "net/link.hpp"

namespace net {

class loop;

/// A door on all addresses of this machine, IPv6 and IPv4; port 0 takes any that is free. `trouble`
/// is told why accepting failed, for lack of file descriptors mostly; the door tries again by itself.
/// The error is for the operator.
std::variant<std::unique_ptr<door>, std::string> listen(loop& on, std::uint16_t port, framing how,
                                                        std::function<void(std::string why)> trouble);

/// A dialer that waits for the host to call `port`: one call at a time, a second is hung up on.
std::variant<std::unique_ptr<dialer>, std::string> listen_for_host(loop& on, std::uint16_t port, framing how);

} // namespace net
