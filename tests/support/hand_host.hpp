// A host that a test plays by hand, word by word.
#pragma once

#include <boost/asio.hpp>

#include <string>

#include "codec/message.hpp"

namespace support {

class hand_host {
public:
  std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

  /// The gateway's next call.
  void accept();

  /// Its next message; throws when it does not come.
  codec::message read();

  /// The response to a request, with that code.
  void answer(codec::message request, const std::string& code = "000");

  /// Whatever bytes.
  void say(const std::string& bytes) { boost::asio::write(line_, boost::asio::buffer(bytes)); }

private:
  void await(int socket) const;

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  boost::asio::ip::tcp::socket line_{io_};
};

}  // namespace support
