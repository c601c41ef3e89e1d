// All that an actor sees of a connection: send, close; up, frames, finished, down.
//
// Everything here happens on the loop's thread. A link is real (net/tcp_link)
// or made of memory (scenarios/player); nobody above can tell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace net {

/// Bytes as they travel. Not text: any byte may stand anywhere.
using bytes = std::string;

class link;
using link_ptr = std::shared_ptr<link>;

/// What happens on a link, in this order: up (dialed links only), frames and
/// finished, down. `down` comes once and last; after it nothing comes.
struct link_events {
  std::function<void(link_ptr)> up;
  std::function<void(std::vector<bytes>)> frames;  ///< frames where the link has framing, else segments as they came
  std::function<void()> finished;                  ///< the peer will send no more, but may still be reading
  std::function<void(std::string why)> down;
};

/// Dropping the last `link_ptr` hangs up at once and without a further event.
class link {
public:
  virtual ~link() = default;

  /// Begins to read. Dialed links are open when they are up.
  virtual void open(link_events events) = 0;

  /// Queues bytes, framed where the link has framing; all that one turn of the loop queues leaves
  /// in one write. A peer that does not read brings the link down at `unsent_max` bytes.
  virtual void send(std::string_view frame) = 0;

  /// Hangs up when everything sent has left. `down` follows when the peer has hung up too and its TCP has
  /// acknowledged everything, however long that takes: who cannot wait drops the link.
  virtual void close() = 0;

  /// How many of the bytes given to `send`, headers included, the peer's TCP has not acknowledged; our goodbye is
  /// none of them. After `down` it goes on telling how many there were at that moment, and what is sent to a link
  /// that is closed or down is never acknowledged: 0 is the proof that all of it arrived. Costs a system call.
  virtual std::size_t unacknowledged() const = 0;

  /// "127.0.0.1:53578"; of a local socket who asked: "uid 0 pid 123".
  virtual const std::string& peer() const = 0;
};

/// Gets a link to one peer, again and again.
class dialer {
public:
  virtual ~dialer() = default;

  /// Tries once: `up` or `down` follows. A dial in progress is abandoned.
  virtual void dial(link_events events) = 0;
  virtual void abandon() = 0;

  /// True where dialing means to wait for the peer's call: then there is no need to pause between dials.
  virtual bool waits() const = 0;

  /// For logs: "10.0.0.1:5000" or "port 5000".
  virtual const std::string& target() const = 0;
};

/// Where peers come to us. A door is bound from the start and accepts once it is open.
class door {
public:
  virtual ~door() = default;

  /// Hands every caller to `visit`, as a link that is not open yet; a new `visit` replaces the one before.
  virtual void open(std::function<void(link_ptr)> visit) = 0;

  /// From now on callers are refused.
  virtual void close() = 0;

  /// 0 where the door is not at a port.
  virtual std::uint16_t port() const = 0;
};

} // namespace net
