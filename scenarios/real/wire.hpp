// A story's end of a TCP connection to, or from, the gateway.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <memory>
#include <string>

#include "net/framing.hpp"
#include "scenarios/player/line.hpp"

namespace real {

class wire final : public player::line, public std::enable_shared_from_this<wire> {
public:
  /// `how`: its frames; without functions segments are taken as they come.
  wire(boost::asio::ip::tcp::socket socket, net::framing how);

  /// Starts reading.
  void open();

  void says(net::bytes bytes) override;
  void says_in_pieces(net::bytes frame, std::size_t size) override;
  void finishes() override;
  void vanishes() override;
  bool is_open() const override { return !closed; }

private:
  void read();
  void take(std::string_view segment);
  void write(std::string_view bytes);
  net::bytes framed(const net::bytes& frame) const;
  void end();

  boost::asio::ip::tcp::socket socket_;
  net::framing framing_;
  net::bytes unread_;
  std::array<char, 65536> buffer_{};
};

/// Connects to a port; nullptr where that fails, with the reason in `why`.
std::shared_ptr<wire> dial(boost::asio::io_context& io, const std::string& host, std::uint16_t port,
                           net::framing how, std::string& why);

}  // namespace real
