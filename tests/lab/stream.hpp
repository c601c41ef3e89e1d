// A test tool's socket, with its unread and unsent bytes.
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

/// Must exist until the loop has ended, because handlers point to it. A handler does nothing when its
/// connection is no longer the current one.
class stream {
public:
  struct events {
    std::function<std::size_t(std::string_view unread)> take;  ///< returns how many bytes it has consumed
    std::function<void(const std::string& why)>
      ended;  ///< called once; `why` is empty where the peer has hung up
  };

  stream(asio::io_context& io, std::size_t buffer_size, events e);

  void connect(const tcp::endpoint& to, std::function<void()> connected) {
    connect(to, {}, std::move(connected));
  }

  /// `open` may open the socket itself, and returns an error, empty where there is none.
  void connect(const tcp::endpoint& to, const std::function<std::string(tcp::socket&)>& open,
               std::function<void()> connected);
  void adopt(tcp::socket socket);

  /// Queues bytes; `flush` writes what the kernel takes, and the rest when the socket is writable.
  void queue(std::string_view bytes) { unsent_ += bytes; }
  void flush();

  /// Writes at once and returns how much the kernel took.
  std::size_t write_now(std::string_view bytes);

  /// Closes; no event follows.
  void close();
  /// The same, by a reset.
  void abort();
  bool is_open() const { return socket_.is_open(); }

  /// Whether the kernel has bytes that the program has not read.
  bool has_unread() const;

  /// The local port of the latest connection.
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
  std::uint64_t generation_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace lab
