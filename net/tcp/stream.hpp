// What lies under a connection: bytes to and from one peer, over a socket, or over a layer between them, such
// as tcp/proxied. TLS would be another one. For net/ alone.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/tcp/limits.hpp"

namespace net {

/// A connected one; for the loop's thread alone. Each `done` is called once, and never from within the call
/// that it was given to, but by `handshake`; after `close` or `reset` with an error. It must keep the stream
/// alive.
class stream {
public:
  using error_code = boost::system::error_code;

  virtual ~stream() = default;

  /// To be called before anything else: `done` gets an error if the two ends do not come to terms. It may be
  /// called at once.
  virtual void handshake(std::function<void(error_code)> done) = 0;

  /// Reads what there is, at least a byte; at the end of what the peer says `done` gets asio::error::eof. One
  /// at a time.
  virtual void read_some(std::span<char> into, std::function<void(error_code, std::size_t)> done) = 0;

  /// Takes as many bytes as it can without waiting. If that is none, the error is would_block: try again when
  /// it is writable. Each call is at least one segment of its own to the peer.
  virtual std::size_t write_some(std::string_view bytes, error_code& error) = 0;
  virtual void wait_writable(std::function<void(error_code)> done) = 0;

  /// Tells the peer, behind all that was written, that nothing follows. It may still be read from.
  virtual void shut_down() = 0;

  /// How many bytes `write_some` has taken, and how many of them the other end has; what the system does not
  /// report counts as not acknowledged. They are counted as they were given to `write_some`, whatever a layer
  /// makes of them. Costs a system call. Not to be called after `close` or `reset`.
  virtual std::uint64_t written() const = 0;
  virtual std::uint64_t acknowledged() const = 0;

  /// Whether the peer's TCP acknowledges; else the kernel of this machine does when it takes the bytes.
  virtual bool is_acknowledged_by_peer() const = 0;

  /// Why it cannot be used any more; no error where it can.
  virtual error_code fault() = 0;

  /// Ends it; bytes that were written may still arrive.
  virtual void close() = 0;

  /// Ends it and discards the bytes that have not left this machine. Returns how many were acknowledged until
  /// then; no further byte is acknowledged.
  virtual std::uint64_t reset() = 0;

  /// Who the peer is, once the handshake is done: "127.0.0.1:53578", "uid 0 pid 123".
  virtual const std::string& peer() const = 0;

  virtual boost::asio::any_io_executor executor() = 0;
};

using stream_ptr = std::shared_ptr<stream>;

/// The bytes of a socket as they are. A handshake of it is done at once.
stream_ptr make_stream(boost::asio::ip::tcp::socket socket, const tcp_limits& limits);
stream_ptr make_stream(boost::asio::local::stream_protocol::socket socket, const tcp_limits& limits);

/// What lies between the connections and the TCP sockets of a port or a dialer.
class stream_layer {
public:
  virtual ~stream_layer() = default;

  virtual stream_ptr over(boost::asio::ip::tcp::socket socket, const tcp_limits& limits) const = 0;
};
using stream_layer_ptr = std::shared_ptr<const stream_layer>;

/// Through the layer where there is one.
inline stream_ptr make_stream(boost::asio::ip::tcp::socket socket, const tcp_limits& limits,
                              const stream_layer_ptr& layer) {
  return layer ? layer->over(std::move(socket), limits) : make_stream(std::move(socket), limits);
}

/// A local socket has none.
inline stream_ptr make_stream(boost::asio::local::stream_protocol::socket socket, const tcp_limits& limits,
                              const stream_layer_ptr&) {
  return make_stream(std::move(socket), limits);
}

}  // namespace net
