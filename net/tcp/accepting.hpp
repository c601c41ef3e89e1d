// The common part of TCP and local listeners: accept, check the connection limit, hand over
// when the handshake is done. For net/ alone.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <set>

#include "net/tcp/connection.hpp"
#include "net/tcp/listener.hpp"
#include "net/tcp/networks.hpp"

namespace net {

/// The state that handlers in flight may still use after the listener is destroyed.
template <class Protocol>
struct accepting : std::enable_shared_from_this<accepting<Protocol>> {
  using socket_type = typename Protocol::socket;
  using error_code = boost::system::error_code;

  /// How long a peer may take for its handshake. Not an actor's timer: no actor knows of it yet.
  static constexpr std::chrono::seconds handshake_max{10};

  accepting(boost::asio::io_context& io, listen_options o) : acceptor(io), pause(io), options(std::move(o)) {}

  void open(std::function<void(link_ptr)> v) {
    if (std::exchange(on_accept, std::move(v)) == nullptr)
      accept();
  }

  void accept() {
    acceptor.async_accept([self = this->shared_from_this()](error_code error, socket_type socket) {
      if (!self->acceptor.is_open())
        return;
      if (!error)
        self->admit(std::move(socket));
      if (!error || error == boost::asio::error::connection_aborted)
        return self->accept();
      self->warn(error.message());
      // Not an actor's timer: without this pause a full descriptor table would make a busy loop.
      self->pause.expires_after(std::chrono::milliseconds(100));
      self->pause.async_wait([self](error_code cancelled) {
        if (!cancelled && self->acceptor.is_open())
          self->accept();
      });
    });
  }

  /// A connection in its handshake. It counts as open: peers that never end one cost no more than others.
  struct handshake {
    handshake(boost::asio::any_io_executor on, stream_ptr s, link_ptr l)
      : over(std::move(s)), link(std::move(l)), deadline(std::move(on)) {}
    stream_ptr over;
    link_ptr link;
    boost::asio::steady_timer deadline;
  };

  void admit(socket_type socket) {
    if (!is_allowed(socket))
      return;
    const auto over = make_stream(std::move(socket), options.limits, options.layer);
    auto link = options.limit.admit(make_link(over, options.how, options.limits));
    if (!link)
      return warn(
        "as many connections are open as may be; for more, raise the limit of open files (ulimit -Hn)");
    const auto h = std::make_shared<handshake>(over->executor(), over, std::move(link));
    handshakes.insert(h);
    over->handshake([self = this->shared_from_this(), h](error_code failed) { self->hand_on(*h, failed); });
    if (!handshakes.contains(h))
      return;
    h->deadline.expires_after(handshake_max);
    h->deadline.async_wait([h](error_code cancelled) {
      if (!cancelled)
        h->over->close();
    });
  }

  bool is_allowed(const socket_type& socket) {
    if constexpr (std::is_same_v<Protocol, boost::asio::ip::tcp>) {
      error_code gone;
      const auto peer = socket.remote_endpoint(gone);
      if (gone)
        return false;
      if (!options.allowed || options.allowed->contains(peer.address()))
        return true;
      ++refused;
      warn(plain(peer.address()).to_string() + " may not connect, and is hung up on; " +
           std::to_string(refused) + " such calls so far");
      return false;
    }
    return true;
  }

  void hand_on(handshake& h, error_code failed) {
    h.deadline.cancel();
    const auto link = std::exchange(h.link, nullptr);
    std::erase_if(handshakes, [&h](const auto& other) { return other.get() == &h; });
    if (!failed)
      on_accept(link);
    else if (acceptor.is_open())
      warn(link->peer() + ": " + failed.message());
  }

  // At most once a second, so that a flood of connections does not flood the log.
  void warn(const std::string& why) {
    const auto now = std::chrono::steady_clock::now();
    if (options.trouble && now - warned_at >= std::chrono::seconds(1))
      options.trouble(why);
    if (now - warned_at >= std::chrono::seconds(1))
      warned_at = now;
  }

  void stop() {
    error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
    on_accept = [](const link_ptr&) {};
    for (const auto& h : std::set(handshakes))
      h->over->close();
  }

  typename Protocol::acceptor acceptor;
  boost::asio::steady_timer pause;
  listen_options options;
  std::set<std::shared_ptr<handshake>> handshakes;
  std::chrono::steady_clock::time_point warned_at{};
  std::uint64_t refused = 0;  // of those that may not connect
  std::function<void(link_ptr)> on_accept;
};

}  // namespace net
