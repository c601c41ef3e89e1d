// The connection of a client's session, from its acceptance to its close.
#pragma once

#include <optional>
#include <string>

#include "actors/core/link_messages.hpp"
#include "actors/core/timeouts.hpp"
#include "config/log.hpp"

namespace actors {

class client_connection {
public:
  /// `peer`: for the log.
  client_connection(session_actor::pointer self, net::link_ptr link, std::string peer)
    : self_(self), link_(std::move(link)), direct_(std::move(peer)), peer_(direct_) {
    config::log::info("Client {} connected", peer_);
    link_->open(events_to(caf::actor_cast<session_actor>(self_)));
  }

  /// None once the client is gone.
  const net::link_ptr& link() const { return link_; }
  const std::string& peer() const { return peer_; }

  /// Whom it speaks for from now on: this address, or itself where that is empty.
  void speak_for(const std::string& client) { peer_ = client.empty() ? direct_ : direct_ + " for " + client; }

  /// Whether what comes in is still read.
  bool is_listening() const { return listening_; }
  void stop_listening() { listening_ = false; }

  /// Hangs up when everything sent has left. The client has `close_timeout` to do so too.
  void close() {
    stop_listening();
    if (!closing_since_) {
      closing_since_ = self_->clock().now();
      link_->close();
    }
  }
  bool is_closed() const { return closing_since_ && self_->clock().now() - *closing_since_ >= close_timeout; }

  /// The client is gone.
  void drop() {
    stop_listening();
    link_.reset();
  }

private:
  session_actor::pointer self_;
  net::link_ptr link_;
  std::string direct_;  // where the connection comes from
  std::string peer_;
  bool listening_ = true;
  std::optional<time_point> closing_since_;
};

}  // namespace actors
