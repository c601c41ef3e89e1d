// The interface between an actor and a connection. Calls: open, send, close, reset. Events: up, frames,
// finished, down.
//
// Calls and events happen on the loop's thread. A link is a socket (net/tcp/connection) or memory
// (scenarios/player/memory_link); the actors cannot tell which.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/framing.hpp"

namespace net {

/// Bytes on the wire; any value may occur.
using bytes = std::string;

/// What was received: a frame, or a segment where the link has no framing.
struct frame {
  enum class kind : std::uint8_t {
    message,
    refused,  ///< its header says that the peer refuses the message
    bad,      ///< no frame: from here on the stream cannot be read, and `down` follows
  };
  bytes content = {};
  frame_context context = {};  ///< for the answer
  kind is = kind::message;
  std::string why = {};  ///< with `refused` and `bad`
};

class link;
using link_ptr = std::shared_ptr<link>;

/// The events of a link, in this order: `up` (dialed links only), `frames` and `finished`, `down`. `down`
/// comes at most once and is the last event. `frames` without any: the peer has sent a keep-alive.
struct link_events {
  std::function<void(link_ptr)> up;
  std::function<void(std::vector<frame>)>
    frames;  ///< whole frames where the link has framing, else segments as they were read
  std::function<void()> finished;  ///< the peer has shut down sending, but may still be reading
  std::function<void(std::string why)> down;
  /// Of a dialer that waits: the host has called again, from there, while this link is in use. Its call waits
  /// for the next `dial`.
  std::function<void(std::string peer)> rival;
};

/// How soon the peer's TCP should acknowledge what is sent.
enum class ack : std::uint8_t {
  whenever,
  soon,  ///< when its program reads: sent in two segments, for one may be acknowledged late or never
};

/// Dropping the last `link_ptr` hangs up without a further event. Bytes already given to the kernel may still
/// arrive; call `reset` first to prevent that.
class link {
public:
  virtual ~link() = default;

  /// Starts reading. A dialed link is open from its `up` event on.
  virtual void open(link_events events) = 0;

  /// Queues bytes, framed where the link has framing. All bytes queued in one turn of the loop leave in one
  /// write. The link goes down when more than `unsent_max` bytes wait for a peer that does not read.
  virtual void send(std::string_view frame, ack when) = 0;
  void send(std::string_view frame) { send(frame, ack::whenever); }

  /// The same for the answer to a request, whose frame had this header.
  virtual void send_answer(std::string_view frame, const frame_context& /*request*/) {
    send(frame, ack::whenever);
  }

  /// The longest content that a frame of this link can have; what is longer cannot be sent.
  virtual std::size_t content_max() const { return std::numeric_limits<std::size_t>::max(); }

  /// While it is held nothing more is read: the peer's TCP is told to wait. Its end is not noticed either.
  virtual void hold(bool /*on*/) {}

  /// Whether the connection is idle, so that its place may be given to a new one where there is none left:
  /// then `down` comes. A connection that was idle for longer goes first.
  virtual void may_give_way(bool /*may*/) {}

  /// Hangs up when everything queued has been sent. `down` follows when the peer has hung up too and its TCP
  /// has acknowledged everything. There is no timeout: to stop waiting, drop the link.
  virtual void close() = 0;

  /// Hangs up at once and discards all bytes that have not left yet, the kernel's included. `acknowledged`
  /// does not change any more, and no event follows. Bytes already in the network may still arrive.
  virtual void reset() = 0;

  /// How many bytes were given to `send`, frame headers included: the position behind the last one.
  virtual std::uint64_t sent() const = 0;

  /// The position up to which the peer's TCP has acknowledged the bytes. Still valid after `down` and after a
  /// reset. Bytes sent on a closed or down link are never acknowledged. Costs a system call.
  virtual std::uint64_t acknowledged() const = 0;

  std::uint64_t unacknowledged() const { return sent() - acknowledged(); }

  /// The peer's address, "127.0.0.1:53578"; for a local socket the peer's process, "uid 0 pid 123".
  virtual const std::string& peer() const = 0;
};

/// Connects to one peer, any number of times.
class dialer {
public:
  virtual ~dialer() = default;

  /// Tries once: `up` or `down` follows, `down` also where nobody answers in time; a dialer that waits for
  /// the host has no limit. Abandons a dial in progress.
  virtual void dial(link_events events) = 0;

  /// Ends a dial in progress.
  virtual void abandon() = 0;

  /// The host does not answer on the link that the last dial has made: the next dial begins with another host
  /// or address, where there is one.
  virtual void distrust() {}

  /// True where dialing means waiting for the host to connect: then no pause is needed between dials.
  virtual bool waits() const = 0;

  /// Hangs up on a host that has called again (`link_events::rival`).
  virtual void refuse_rival() {}

  /// For logs: "10.0.0.1:5000" or "port 5000".
  virtual const std::string& target() const = 0;
};

/// A listening socket. It is bound when it is made and accepts once it is open.
class listener {
public:
  virtual ~listener() = default;

  /// Calls `on_accept` with each accepted connection, as a link that is not open yet. A new `on_accept`
  /// replaces the old one.
  virtual void open(std::function<void(link_ptr)> on_accept) = 0;

  /// Refuses connections from now on.
  virtual void close() = 0;

  /// 0 where the listener has no TCP port.
  virtual std::uint16_t port() const = 0;
};

}  // namespace net
