// One connection of the gateway, seen from the other end: a client's, or the host's.
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

  /// A segment; where the line is the host's, a frame.
  virtual void says(net::bytes bytes) = 0;

  /// A frame of the host in pieces of `size` bytes. In memory a frame is one thing, whatever its pieces.
  virtual void says_in_pieces(net::bytes frame, std::size_t) { says(std::move(frame)); }

  /// Says no more, but reads on.
  virtual void finishes() = 0;

  /// A reset.
  virtual void vanishes() = 0;

  // In memory only.

  /// What is sent from now on stays with the gateway, as if it found no room here.
  virtual void stop_reading() {}
  /// So many bytes wait in the kernel of this end, the rest with the gateway.
  virtual void stop_reading(std::size_t) {}
  /// Takes what has waited.
  virtual void read_on() {}
  /// Takes so many bytes of it, and no more.
  virtual void read_bytes(std::size_t) {}

  /// From now on this end acknowledges only with what it says, or where the other end has asked for it
  /// (`net::ack::soon`).
  virtual void acknowledges_late() {}

  /// Nothing passes any more, either way, and nobody is told.
  virtual void cut() {}
  /// It does, and each end goes on with what it has.
  virtual void heal() {}

  /// Whether anyone at the gateway's end still listens.
  virtual bool is_heard() const = 0;

  std::vector<net::bytes> sent;  ///< by the gateway, all so far
  bool closed = false;           ///< the gateway has hung up, in order or by dropping its end
};

using line_ptr = std::shared_ptr<line>;

}  // namespace player
