// An HTTP client with one connection that stays open. Its calls block.
#pragma once

#include <boost/asio.hpp>

#include <string>

#include "tests/lab/http.hpp"

namespace lab {

class browser {
public:
  explicit browser(std::uint16_t port) { socket_.connect({boost::asio::ip::address_v4::loopback(), port}); }

  void send(const std::string& request) { boost::asio::write(socket_, boost::asio::buffer(request)); }

  http_response reply() {
    std::string stream;
    for (;;) {
      if (auto whole = first_http_response(stream))
        return std::move(*whole);
      char buffer[4096];
      stream.append(buffer, socket_.read_some(boost::asio::buffer(buffer)));
    }
  }

  http_response ask(const std::string& request) {
    send(request);
    return reply();
  }

private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_{io_};
};

}  // namespace lab
