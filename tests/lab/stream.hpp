// One socket of the bench: what arrived and is not understood yet, what waits to leave.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

/// Lives until the loop has ended: handlers point to it. They heed the socket they were made for, not the
/// next one.
class stream {
public:
  struct events {
    std::function<std::size_t(std::string_view unread)> take;  ///< says how many bytes it understood
    std::function<void(const std::string& why)>
      ended;  ///< once; `why` is empty where the peer has just hung up
  };

  stream(asio::io_context& io, std::size_t buffer_size, events e);

  void connect(const tcp::endpoint& to, std::function<void()> connected) {
    connect(to, {}, std::move(connected));
  }

  /// `open` may open the socket in its own manner, and says what went wrong.
  void connect(const tcp::endpoint& to, const std::function<std::string(tcp::socket&)>& open,
               std::function<void()> connected);
  void adopt(tcp::socket socket);

  /// Queues; `flush` writes what the kernel takes, and the rest when it can.
  void queue(std::string_view bytes) { unsent_ += bytes; }
  void flush();

  /// Writes now, and returns how much the kernel took.
  std::size_t write_now(std::string_view bytes);

  /// No event follows.
  void close();
  /// The same, and the peer sees a reset.
  void abort();
  bool is_open() const { return socket_.is_open(); }

  /// Our own, of the last connection.
  std::uint16_t port() const { return port_; }

private:
  void begin();
  void read();
  void end(const error_code& why);

  tcp::socket socket_;
  events events_;
  std::vector<char> buffer_;
  std::size_t unread_ = 0;
  std::string unsent_;
  bool waiting_to_write_ = false;
  std::uint64_t life_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace lab
