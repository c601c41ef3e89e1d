// A raw client of one message, that may wait for its answer.
#pragma once

#include <boost/asio.hpp>

#include <cstdint>
#include <string>

#include "codec/pack.hpp"
#include "tests/support/dialects.hpp"

namespace support {

struct raw_client {
  raw_client(std::uint16_t port, const codec::message& m) {
    socket.connect({boost::asio::ip::address_v4::loopback(), port});
    boost::asio::write(socket, boost::asio::buffer(*codec::pack(m, smart_vista())));
  }

  /// Empty where it is hung up on.
  std::string answer() {
    std::string bytes;
    boost::system::error_code end;
    boost::asio::read(socket, boost::asio::dynamic_buffer(bytes), end);
    return bytes;
  }

  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket{io};
};

}  // namespace support
