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

  /// What is sent from now on stays with the gateway, as if it found no room here. In memory only.
  virtual void stop_reading() {}
  /// Takes what has waited.
  virtual void read_on() {}

  /// Whether anyone at the gateway's end still listens.
  virtual bool is_heard() const = 0;

  std::vector<net::bytes> sent;  ///< by the gateway, all so far
  bool closed = false;           ///< the gateway has hung up, in order or by dropping its end
};

using line_ptr = std::shared_ptr<line>;

} // namespace player
