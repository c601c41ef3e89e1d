// Two network namespaces joined by a virtual Ethernet link: the gateway and its bank at one end, clients at
// the other.
//
// Unlike a proxy, a cut link acknowledges nothing. Needs root.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace chaos {

class network {
public:
  network() = default;
  ~network();
  network(const network&) = delete;
  network& operator=(const network&) = delete;

  /// Moves this process to the gateway's end. Returns why this machine does not allow it, empty where it
  /// does.
  std::string enter();

  /// Opens a socket at the clients' end.
  std::string open(boost::asio::ip::tcp::socket& socket) const;

  static boost::asio::ip::address gateway_address();

  /// Drops frames in these directions.
  std::string cut(bool to_gateway, bool to_client);
  std::string heal() { return cut(false, false); }

  /// Limits the bandwidth towards the clients.
  std::string limit(unsigned kilobits_a_second);
  std::string lift_limit();

private:
  std::string at_client_end(const std::string& command) const;

  int gateway_end_ = -1, client_end_ = -1;
};

}  // namespace chaos
