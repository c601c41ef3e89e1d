// A TCP or local socket as a stream, without a layer.

#include "net/tcp/stream.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <optional>

#include "net/tcp/acknowledged.hpp"

namespace net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::string name_of(const tcp::socket& socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error)
    return "unknown peer";
  auto address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  const auto host = address.to_string();
  return (address.is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(peer.port());
}

std::string name_of(asio::local::stream_protocol::socket& socket) {
  ucred who{};
  socklen_t size = sizeof who;
  if (getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
    return "unknown local peer";
  return "uid " + std::to_string(who.uid) + " pid " + std::to_string(who.pid);
}

void set_options(tcp::socket& socket, const tcp_limits& limits) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  // Detects within two minutes a peer that has vanished.
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  const int idle = 60, interval = 15, probes = 4;
  const auto fd = socket.native_handle();
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
  // The kernel sends no keepalive probes while data is unacknowledged; this timeout covers that case.
  if (const auto timeout = static_cast<unsigned>(limits.unacknowledged_max.count()); timeout != 0)
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
}

template <class Socket>
class socket_stream : public stream {
public:
  socket_stream(Socket socket, std::string peer) : socket_(std::move(socket)), peer_(std::move(peer)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  void handshake(std::function<void(error_code)> done) override { done({}); }

  void read_some(std::span<char> into, std::function<void(error_code, std::size_t)> done) override {
    socket_.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
  }

  std::size_t write_some(std::string_view bytes, error_code& error) override {
    const auto size = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
    written_ += size;
    return size;
  }

  void wait_writable(std::function<void(error_code)> done) override {
    socket_.async_wait(asio::socket_base::wait_write, std::move(done));
  }

  void shut_down() override {
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  }

  std::uint64_t written() const override { return written_; }

  error_code fault() override {
    int broken = 0;
    socklen_t size = sizeof broken;
    if (getsockopt(fd(), SOL_SOCKET, SO_ERROR, &broken, &size) != 0)
      broken = errno;
    return {broken, boost::system::system_category()};
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

  const std::string& peer() const override { return peer_; }
  asio::any_io_executor executor() override { return socket_.get_executor(); }

protected:
  int fd() const { return const_cast<Socket&>(socket_).native_handle(); }

private:
  Socket socket_;
  std::string peer_;
  std::uint64_t written_ = 0;
};

class tcp_stream final : public socket_stream<tcp::socket> {
public:
  tcp_stream(tcp::socket socket, std::string peer)
    : socket_stream(std::move(socket), std::move(peer)), acknowledged_before_(bytes_acknowledged(fd())) {}

  std::uint64_t acknowledged() const override {
    const auto now = bytes_acknowledged(fd());
    // Our FIN counts as one byte behind the last one.
    return now && acknowledged_before_ ? std::min(*now - *acknowledged_before_, written()) : 0;
  }

  bool is_acknowledged_by_peer() const override { return true; }

  // A plain close would leave the kernel sending what it holds, and the peer would read it long after the
  // link was reported down. So: stop receiving, read how much was acknowledged, then discard the rest.
  std::uint64_t reset() override {
    stop_receiving(fd());
    const auto at_end = acknowledged();
    const linger at_once{1, 0};
    setsockopt(fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
    return at_end;
  }

private:
  std::optional<std::uint64_t> acknowledged_before_;  // the kernel's count before the first byte was sent
};

class local_stream final : public socket_stream<asio::local::stream_protocol::socket> {
public:
  using socket_stream::socket_stream;

  std::uint64_t acknowledged() const override { return written(); }
  bool is_acknowledged_by_peer() const override { return false; }

  std::uint64_t reset() override {
    close();
    return written();
  }
};

}  // namespace

stream_ptr make_stream(tcp::socket socket, const tcp_limits& limits) {
  set_options(socket, limits);
  auto peer = name_of(socket);
  return std::make_shared<tcp_stream>(std::move(socket), std::move(peer));
}

stream_ptr make_stream(asio::local::stream_protocol::socket socket, const tcp_limits& /*limits*/) {
  auto peer = name_of(socket);
  return std::make_shared<local_stream>(std::move(socket), std::move(peer));
}

}  // namespace net
