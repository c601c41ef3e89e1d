// A bad network between clients and gateway, as a proxy of TCP: slow, byte by byte, cut for a while, or reset
// in the middle.
//
// It acknowledges what it takes, as every proxy does; what it then loses nobody else can tell. `way::harmed`
// says whose.
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

  /// Nothing passes in one direction, or in both; what comes meanwhile waits, or is lost with its connection.
  enum class direction : std::uint8_t { to_gateway, to_client, both };
  void cut(direction d, bool bytes_wait);
  void heal();

  /// Resets each connection with these odds.
  void reset_some(int in_a_thousand);

  /// From now on new connections are good ones.
  void behave() { behaves_ = true; }

private:
  struct connection;

  void accept();
  bool is_cut(bool to_gateway) const;

  asio::io_context& io_;
  way& way_;
  tcp::endpoint gateway_;
  tcp::acceptor acceptor_;
  std::mt19937_64 dice_;
  std::list<std::weak_ptr<connection>> connections_;
  bool behaves_ = false, is_cut_ = false, bytes_wait_ = true;
  direction direction_ = direction::both;
};

}  // namespace chaos
