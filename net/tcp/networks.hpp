// Addresses and networks that may connect, as an operator writes them.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace net {

class networks {
public:
  /// Reads "10.1.2.3", "10.0.0.0/8, ::1, fd00::/8" or "any". The second alternative says what is wrong.
  static std::variant<networks, std::string> parse(std::string_view text);

  /// An IPv4 address that comes through an IPv6 socket counts as the IPv4 address.
  bool contains(const boost::asio::ip::address& a) const;

  /// Whether everybody is among them, at least everybody with an address of one kind: "any", "0.0.0.0/0".
  bool is_any() const;

private:
  void add(const boost::asio::ip::address& a);

  bool any_ = false;
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

/// Without the form that an IPv4 address has on an IPv6 socket.
boost::asio::ip::address plain(const boost::asio::ip::address& a);

}  // namespace net
