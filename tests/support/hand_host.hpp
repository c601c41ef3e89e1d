// A host that a test controls message by message. Its calls block.
#pragma once

#include <boost/asio.hpp>

#include <string>

#include "codec/message.hpp"

namespace support {

class hand_host {
public:
  std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

  /// Accepts the gateway's next connection.
  void accept();

  /// The gateway's next message; throws where none comes.
  codec::message read();

  /// Sends the response to a request, with that response code.
  void answer(codec::message request, const std::string& code = "000");

  /// Sends these bytes as they are.
  void send(const std::string& bytes) { boost::asio::write(line_, boost::asio::buffer(bytes)); }

  void hang_up() { line_.close(); }

private:
  void await(int socket) const;

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  boost::asio::ip::tcp::socket line_{io_};
};

}  // namespace support
