// One TCP connection, or one of a local socket, as a link.
//
// Reads: one buffer, one read in flight. Writes: `send` only appends; the first
// append of a turn posts one flush, which runs when the actors of this turn
// have, and writes everything in one call. What the kernel does not take waits
// for the socket. What the peer has not acknowledged is asked for where
// somebody wants to know, and never while messages pass. It never interprets a byte.

#include "net/tcp_link.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

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
  // A peer that vanished without a word is noticed within two minutes.
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  const int idle = 60, interval = 15, probes = 4;
  const auto fd = socket.native_handle();
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
  // Probes rest while data is under way; this does not.
  if (const auto patience = static_cast<unsigned>(limits.unacknowledged_max.count()); patience != 0)
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
}

// Who acknowledges: the peer's TCP, or the kernel that both ends share, by taking the bytes.
enum class acknowledging : std::uint8_t { by_peer, by_kernel };

class connection : public std::enable_shared_from_this<connection> {
public:
  connection(asio::generic::stream_protocol::socket socket, acknowledging who, std::string peer, framing how, tcp_limits limits)
    : socket_(std::move(socket)), acknowledging_(who), framing_(std::move(how)), limits_(limits), peer_(std::move(peer)), read_buffer_(limits.read_size, '\0') {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  const std::string& peer() const { return peer_; }

  void open(link_events events) {
    events_ = std::move(events);
    read();
  }

  void send(std::string_view frame) {
    if (down_ || closing_) {
      refused_ += frame.size();
      return;
    }
    if (unsent_.size() + frame.size() > limits_.unsent_max) {
      refused_ += frame.size();
      return fail("the peer does not read: " + std::to_string(unsent_.size()) + " bytes wait for it");
    }
    if (framing_.append)
      framing_.append(unsent_, frame);
    else
      unsent_ += frame;
    flush_soon();
  }

  void close() {
    if (down_ || closing_)
      return;
    closing_ = true;
    flush_soon();
  }

  std::size_t unacknowledged() { return refused_ + (down_ ? left_behind_ : under_way()); }

  // The owner has gone: nobody is left to tell.
  void drop() {
    down_ = true;
    events_ = {};
    error_code ignored;
    socket_.close(ignored);
  }

private:
  void read() {
    socket_.async_read_some(asio::buffer(read_buffer_), [self = shared_from_this()](error_code error, std::size_t size) {
      if (self->down_)
        return;
      if (error == asio::error::eof)
        return self->peer_finished();
      if (error)
        return self->fail(error.message());
      // After `close` we only read to see the peer hang up; unread bytes would turn our goodbye into a reset.
      if (!self->closing_)
        self->take({self->read_buffer_.data(), size});
      if (!self->down_)
        self->read();
    });
  }

  void take(std::string_view segment) {
    if (!framing_.find)
      return events_.frames({bytes(segment)});
    unread_ += segment;
    std::vector<bytes> frames;
    std::size_t taken = 0;
    std::string bad;
    for (;;) {
      const auto rest = std::string_view(unread_).substr(taken);
      const auto next = framing_.find(rest);
      if (next.is == cut::kind::bad)
        bad = next.why;
      if (next.is != cut::kind::frame)
        break;
      if (next.end != next.begin)  // an empty frame only says that the peer is there
        frames.emplace_back(rest.substr(next.begin, next.end - next.begin));
      taken += next.end;
    }
    unread_.erase(0, taken);
    if (!frames.empty())
      events_.frames(std::move(frames));
    if (!bad.empty())
      fail(std::move(bad));
  }

  void peer_finished() {
    peer_finished_ = true;
    if (goodbye_sent_)
      return leave_when_taken(std::chrono::milliseconds(5));
    if (!closing_)
      events_.finished();
  }

  void flush_soon() {
    if (flush_posted_ || writing_)
      return;
    flush_posted_ = true;
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
      self->flush_posted_ = false;
      self->flush();
    });
  }

  void flush() {
    if (down_)
      return;
    while (!unsent_.empty()) {
      error_code error;
      const auto size = socket_.write_some(asio::buffer(unsent_), error);
      if (error == asio::error::would_block) {
        writing_ = true;
        socket_.async_wait(asio::socket_base::wait_write, [self = shared_from_this()](error_code failed) {
          self->writing_ = false;
          if (self->down_)
            return;
          if (failed)
            return self->fail(failed.message());
          self->flush();
        });
        return;
      }
      if (error)
        return fail(error.message());
      unsent_.erase(0, size);
    }
    if (closing_) {
      error_code error;
      socket_.shutdown(asio::socket_base::shutdown_send, error);
      goodbye_sent_ = true;
      goodbye_queued_ = !error;  // a connection that was reset takes none
      if (peer_finished_)
        leave_when_taken(std::chrono::milliseconds(5));
    }
  }

  // Both have said goodbye, but ours may still be behind bytes that the peer has not got. No event tells when it has
  // them, so we look: a descriptor closed now could never tell whether they arrived.
  void leave_when_taken(std::chrono::milliseconds pause) {
    if (under_way() == 0)
      return end("closed", 0);
    int broken = 0;
    socklen_t size = sizeof broken;
    if (getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &broken, &size) != 0 || broken != 0)
      return fail(error_code(broken, boost::system::system_category()).message());
    const auto timer = std::make_shared<asio::steady_timer>(socket_.get_executor(), pause);
    timer->async_wait([self = shared_from_this(), timer, pause](error_code) {
      if (!self->down_)
        self->leave_when_taken(std::min(pause * 2, std::chrono::milliseconds(200)));
    });
  }

  // Bytes in our hands, and those that the kernel keeps because the peer may still need them again.
  std::size_t under_way() {
    int kept = 0;
    if (acknowledging_ == acknowledging::by_peer && ioctl(socket_.native_handle(), SIOCOUTQ, &kept) != 0)
      return unsent_.size() + 1;  // what cannot be asked is no proof
    // The kernel counts our FIN as a byte. It is the last, so while anything is kept, it is too.
    if (goodbye_queued_ && kept > 0)
      --kept;
    return unsent_.size() + static_cast<std::size_t>(kept);
  }

  void fail(std::string why) {
    if (!down_)
      end(std::move(why), under_way());
  }

  void end(std::string why, std::size_t left_behind) {
    left_behind_ = left_behind;
    down_ = true;
    error_code ignored;
    socket_.close(ignored);
    const auto events = std::exchange(events_, {});
    if (events.down)
      events.down(std::move(why));
  }

  asio::generic::stream_protocol::socket socket_;
  acknowledging acknowledging_;
  framing framing_;
  tcp_limits limits_;
  std::string peer_;
  link_events events_;
  std::string read_buffer_;
  bytes unread_;
  bytes unsent_;
  std::size_t refused_ = 0;      // bytes that `send` did not take
  std::size_t left_behind_ = 0;  // bytes under way when the link came down
  bool flush_posted_ = false;
  bool writing_ = false;
  bool peer_finished_ = false;
  bool closing_ = false;
  bool goodbye_sent_ = false;
  bool goodbye_queued_ = false;
  bool down_ = false;
};

// What the owner holds; its end is the connection's.
class tcp_link final : public link {
public:
  explicit tcp_link(std::shared_ptr<connection> c) : connection_(std::move(c)) {}
  ~tcp_link() override { connection_->drop(); }
  tcp_link(const tcp_link&) = delete;
  tcp_link& operator=(const tcp_link&) = delete;

  void open(link_events events) override { connection_->open(std::move(events)); }
  void send(std::string_view frame) override { connection_->send(frame); }
  void close() override { connection_->close(); }
  std::size_t unacknowledged() const override { return connection_->unacknowledged(); }
  const std::string& peer() const override { return connection_->peer(); }

private:
  std::shared_ptr<connection> connection_;
};

} // namespace

link_ptr make_link(tcp::socket socket, framing how, tcp_limits limits) {
  set_options(socket, limits);
  auto peer = name_of(socket);
  return std::make_shared<tcp_link>(std::make_shared<connection>(std::move(socket), acknowledging::by_peer, std::move(peer), std::move(how), limits));
}

link_ptr make_link(asio::local::stream_protocol::socket socket, framing how, tcp_limits limits) {
  auto peer = name_of(socket);
  return std::make_shared<tcp_link>(std::make_shared<connection>(std::move(socket), acknowledging::by_kernel, std::move(peer), std::move(how), limits));
}

} // namespace net
