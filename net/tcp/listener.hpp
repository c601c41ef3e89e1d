// Accepts connections on a TCP port.
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
class networks;
class stream_layer;

/// How many connections all listeners of a process may have open together. The rest of the process's file
/// descriptors is for the host link and the log: idle clients must not use them up.
class connection_limit {
public:
  explicit connection_limit(std::size_t most);

  /// Returns `link`, counted until it is destroyed. Where the limit is reached, the connection that has been
  /// idle for longest (`link::may_give_way`) goes down for it; nullptr where none is idle.
  link_ptr admit(link_ptr link) const;

private:
  struct places;
  class counted_link;
  std::shared_ptr<places> places_;
};

struct listen_options {
  framing how = {};
  std::function<void(std::string why)> trouble =
    {};  ///< receives why a connection was refused or the socket recreated; the listener goes on
  connection_limit limit = connection_limit(static_cast<std::size_t>(-1));
  tcp_limits limits = {};
  std::shared_ptr<const stream_layer> layer = {};  ///< of a TCP port; none: the bytes go as they are
  std::shared_ptr<const networks> allowed = {};    ///< who may connect to a TCP port; none: everybody
  std::string address = {};                        ///< of this machine, where a TCP port is open; empty: all
};

/// Listens on all addresses of this machine, IPv6 and IPv4, unless the options name one; port 0 takes any
/// free port. The second alternative is an error for the operator.
std::variant<std::unique_ptr<listener>, std::string> listen(loop& on, std::uint16_t port,
                                                            listen_options options);

/// Why `listen` could not open the port at this moment; empty: it could. Nobody can connect meanwhile.
std::string fault_of_port(loop& on, std::uint16_t port, const std::string& address);

}  // namespace net
