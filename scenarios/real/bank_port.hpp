// The port at which the story's host accepts the gateway's connections.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <string>

#include "net/framing.hpp"
#include "scenarios/player/world.hpp"
#include "scenarios/real/wire.hpp"

namespace real {

class bank_port {
public:
  bank_port(boost::asio::io_context& io, std::uint16_t port, net::framing how)
    : io_(io), port_(port), framing_(std::move(how)) {}
  ~bank_port() { shut(); }
  bank_port(const bank_port&) = delete;
  bank_port& operator=(const bank_port&) = delete;

  /// Returns an error, empty where there is none: the port is not free.
  std::string behave(player::host_behaviour how);

  /// Another story begins: forgets what was received before.
  void forget();

  const std::shared_ptr<wire>& line() const { return line_; }
  long calls() const { return calls_; }

private:
  void shut();
  void accept();

  boost::asio::io_context& io_;
  std::uint16_t port_;
  net::framing framing_;
  player::host_behaviour how_ = player::host_behaviour::refuses;
  std::shared_ptr<boost::asio::ip::tcp::acceptor> acceptor_;  // its handler may still run after it is closed
  std::shared_ptr<wire> line_;
  long calls_ = 0;
};

}  // namespace real
