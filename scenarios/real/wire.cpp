// A story's end of a TCP connection.
//
// Unlike net/tcp/connection it can shut down sending and read on, and can end by a reset.

#include "scenarios/real/wire.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>

namespace real {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

wire::wire(tcp::socket socket, net::framing how) : socket_(std::move(socket)), framing_(std::move(how)) {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
}

void wire::open() { read(); }

void wire::says(net::bytes bytes) { write(framed(bytes)); }

// Each piece is written on its own; the gateway may still read several at once.
void wire::says_in_pieces(net::bytes frame, std::size_t size) {
  const auto bytes = framed(frame);
  for (std::size_t at = 0; at < bytes.size(); at += size)
    write(std::string_view(bytes).substr(at, size));
}

void wire::finishes() {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void wire::vanishes() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  end();
}

void wire::read() {
  socket_.async_read_some(asio::buffer(buffer_),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            if (self->closed)
                              return;
                            if (error)
                              return self->end();
                            self->take({self->buffer_.data(), size});
                            self->read();
                          });
}

void wire::take(std::string_view segment) {
  if (!framing_.find) {
    sent.emplace_back(segment);
    return;
  }
  unread_ += segment;
  for (;;) {
    const auto next = framing_.find(unread_);
    if (next.is == net::cut::kind::bad) {
      sent.push_back(std::exchange(unread_, {}));
      return;
    }
    if (next.is == net::cut::kind::more_needed)
      return;
    if (next.is != net::cut::kind::keep_alive)
      sent.push_back(unread_.substr(next.begin, next.end - next.begin));
    unread_.erase(0, next.next);
  }
}

// A write to a gateway that has hung up fails; reading reports that.
void wire::write(std::string_view bytes) {
  error_code ignored;
  asio::write(socket_, asio::buffer(bytes), ignored);
}

net::bytes wire::framed(const net::bytes& frame) const {
  if (!framing_.append)
    return frame;
  net::bytes bytes;
  framing_.append(bytes, frame);
  return bytes;
}

void wire::end() {
  closed = true;
  error_code ignored;
  socket_.close(ignored);
}

std::shared_ptr<wire> dial(asio::io_context& io, const std::string& host, std::uint16_t port,
                           net::framing how, std::string& why) {
  tcp::resolver resolver(io);
  tcp::socket socket(io);
  error_code error;
  const auto found = resolver.resolve(host, std::to_string(port), error);
  if (!error)
    asio::connect(socket, found, error);
  if (error) {
    why = error.message();
    return nullptr;
  }
  auto w = std::make_shared<wire>(std::move(socket), std::move(how));
  w->open();
  return w;
}

}  // namespace real
