// Accepts connections on a port.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "net/framing.hpp"
#include "net/link.hpp"
#include "net/tcp/limits.hpp"

namespace net {

class loop;

/// How many connections all doors of a process may have open together. The rest of its file descriptors are
/// for the host's link and the log: idle clients must not cut us off from them.
class connection_limit {
public:
  explicit connection_limit(std::size_t most) : open_(std::make_shared<std::size_t>(0)), most_(most) {}

  /// `link` as it is, counted while it lives; nullptr where there are too many already.
  link_ptr admit(link_ptr link) const;

private:
  std::shared_ptr<std::size_t> open_;
  std::size_t most_;
};

struct listen_options {
  framing how = {};
  std::function<void(std::string why)> trouble =
    {};  ///< told why a caller was not let in, or the door was made again; it goes on by itself
  connection_limit limit = connection_limit(static_cast<std::size_t>(-1));
  tcp_limits limits = {};
};

/// A door on all addresses of this machine, IPv6 and IPv4; port 0 takes any that is free. The error is for
/// the operator.
std::variant<std::unique_ptr<listener>, std::string> listen(loop& on, std::uint16_t port,
                                                            listen_options options);

/// A dialer that waits for the host to call `port`: one call at a time, a second is hung up on.
std::variant<std::unique_ptr<dialer>, std::string> listen_for_host(loop& on, std::uint16_t port, framing how);

}  // namespace net
