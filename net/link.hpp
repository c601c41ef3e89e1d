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
  std::function<void(std::vector<bytes>)>
    frames;                        ///< frames where the link has framing, else segments as they came
  std::function<void()> finished;  ///< the peer will send no more, but may still be reading
  std::function<void(std::string why)> down;
};

/// How soon the peer's TCP should acknowledge what is sent.
enum class ack : std::uint8_t {
  whenever,
  soon,  ///< as its program reads: it leaves in two segments, for one may be acknowledged late, or never
};

/// Dropping the last `link_ptr` hangs up without a further event; what has left for the kernel may still
/// arrive. Who must know that it does not calls `reset` before.
class link {
public:
  virtual ~link() = default;

  /// Begins to read. Dialed links are open when they are up.
  virtual void open(link_events events) = 0;

  /// Queues bytes, framed where the link has framing; all that one turn of the loop queues leaves
  /// in one write. A peer that does not read brings the link down at `unsent_max` bytes.
  virtual void send(std::string_view frame, ack when) = 0;
  void send(std::string_view frame) { send(frame, ack::whenever); }

  /// Hangs up when everything sent has left. `down` follows when the peer has hung up too and its TCP has
  /// acknowledged everything, however long that takes: who cannot wait drops the link.
  virtual void close() = 0;

  /// Hangs up at once, and keeps back whatever has not left yet, in the kernel too. From then on
  /// `acknowledged` stands still, and no event follows. What was under way in the network at that moment may
  /// still arrive.
  virtual void reset() = 0;

  /// How many bytes were given to `send`, headers included: the position behind the last of them.
  virtual std::uint64_t sent() const = 0;

  /// Up to which position the peer's TCP has acknowledged them. It goes on telling after `down`, and looks
  /// behind a connection that ended by a reset; what is sent to a link that is closed or down is never
  /// acknowledged. Costs a system call.
  virtual std::uint64_t acknowledged() const = 0;

  std::uint64_t unacknowledged() const { return sent() - acknowledged(); }

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
class listener {
public:
  virtual ~listener() = default;

  /// Hands every caller to `visit`, as a link that is not open yet; a new `visit` replaces the one before.
  virtual void open(std::function<void(link_ptr)> on_accept) = 0;

  /// From now on callers are refused.
  virtual void close() = 0;

  /// 0 where the door is not at a port.
  virtual std::uint16_t port() const = 0;
};

}  // namespace net
