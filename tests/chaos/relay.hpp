// A bad network between clients and gateway, as a TCP proxy: slow, byte by byte, cut for a while, or reset in
// the middle.
//
// It acknowledges what it reads, as every proxy does; only `way::harmed` records whose bytes it then lost.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <list>
#include <memory>
#include <random>

#include "tests/chaos/client.hpp"

namespace chaos {

class relay {
public:
  /// `on.to` is where it listens.
  relay(asio::io_context& io, way& on, const tcp::endpoint& gateway, std::uint64_t seed);

  std::string listen();

  /// Stops one direction or both; what arrives meanwhile waits, or is lost with its connection.
  enum class direction : std::uint8_t { to_gateway, to_client, both };
  void cut(direction d, bool bytes_wait);
  void heal();

  /// Resets each connection with these odds per thousand.
  void reset_some(int in_a_thousand);

  /// From now on new connections are not disturbed.
  void behave() { behaves_ = true; }

private:
  struct connection;

  void accept();
  bool is_cut(bool to_gateway) const;

  asio::io_context& io_;
  way& way_;
  tcp::endpoint gateway_;
  tcp::acceptor acceptor_;
  std::mt19937_64 random_;
  std::list<std::weak_ptr<connection>> connections_;
  bool behaves_ = false, is_cut_ = false, bytes_wait_ = true;
  direction direction_ = direction::both;
};

}  // namespace chaos
