// The half of a door that is the same at a port and at a path: accept, count, hand over. For net/ alone.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/tcp/connection.hpp"
#include "net/tcp/listener.hpp"

namespace net {

/// What the handlers in flight may still touch when the door is gone.
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
        self->let_in(std::move(socket));
      if (!error || error == boost::asio::error::connection_aborted)
        return self->accept();
      self->complain(error.message());
      // Not an actor's wait: without it a full table of descriptors makes a busy loop.
      self->pause.expires_after(std::chrono::milliseconds(100));
      self->pause.async_wait([self](error_code cancelled) {
        if (!cancelled && self->acceptor.is_open())
          self->accept();
      });
    });
  }

  void let_in(socket_type socket) {
    if (auto link = options.limit.admit(make_link(std::move(socket), options.how, options.limits)))
      on_accept(std::move(link));
    else
      complain(
        "as many connections are open as may be; for more, raise the limit of open files (ulimit -Hn)");
  }

  // At most once a second: a flood must not become a flood of lines.
  void complain(const std::string& why) {
    const auto now = std::chrono::steady_clock::now();
    if (options.trouble && now - complained_at >= std::chrono::seconds(1))
      options.trouble(why);
    if (now - complained_at >= std::chrono::seconds(1))
      complained_at = now;
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
  std::chrono::steady_clock::time_point complained_at{};
  std::function<void(link_ptr)> on_accept;
};

}  // namespace net
