// The common part of TCP and local listeners: accept, check the connection limit, hand over. For net/ alone.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/tcp/connection.hpp"
#include "net/tcp/listener.hpp"

namespace net {

/// The state that handlers in flight may still use after the listener is destroyed.
template <class Protocol>
struct accepting : std::enable_shared_from_this<accepting<Protocol>> {
  using socket_type = typename Protocol::socket;
  using error_code = boost::system::error_code;

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

  void admit(socket_type socket) {
    if (auto link = options.limit.admit(make_link(std::move(socket), options.how, options.limits)))
      on_accept(std::move(link));
    else
      warn("as many connections are open as may be; for more, raise the limit of open files (ulimit -Hn)");
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
  }

  typename Protocol::acceptor acceptor;
  boost::asio::steady_timer pause;
  listen_options options;
  std::chrono::steady_clock::time_point warned_at{};
  std::function<void(link_ptr)> on_accept;
};

}  // namespace net
