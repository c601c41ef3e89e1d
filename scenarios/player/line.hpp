// One connection of the gateway, seen from the other end: a client's or the host's.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "net/link.hpp"

namespace player {

class line {
public:
  line() = default;
  virtual ~line() = default;
  line(const line&) = delete;
  line& operator=(const line&) = delete;

  /// Sends a segment; on the host's line a frame.
  virtual void says(net::bytes bytes) = 0;

  /// Sends a frame of the host in pieces of `size` bytes. In memory the frame stays whole.
  virtual void says_in_pieces(net::bytes frame, std::size_t) { says(std::move(frame)); }

  /// Shuts down sending, but reads on.
  virtual void finishes() = 0;

  /// Resets the connection.
  virtual void vanishes() = 0;

  // Only in virtual time:

  /// Stops reading; the gateway's kernel keeps what is sent from now on.
  virtual void stop_reading() {}
  /// The same, but this many bytes fit into the kernel of this end; the gateway's kernel keeps the rest.
  virtual void stop_reading(std::size_t) {}
  /// Reads everything that has waited, and what follows.
  virtual void read_on() {}
  /// Reads at most this many bytes of it.
  virtual void read_bytes(std::size_t) {}

  /// From now on this end acknowledges only together with data it sends, or where the gateway has asked for
  /// it (`net::ack::soon`).
  virtual void acknowledges_late() {}

  /// Cuts the network: no byte passes either way, and neither end is notified.
  virtual void cut() {}
  /// Restores the network; each end goes on with what it has.
  virtual void heal() {}

  /// Whether the gateway's end is open.
  virtual bool is_open() const = 0;

  std::vector<net::bytes> sent;  ///< by the gateway, since the connection was made
  bool closed = false;           ///< the gateway has hung up, in order or by dropping the link
};

using line_ptr = std::shared_ptr<line>;

}  // namespace player
