// What answers the requests of an HTTP client, and what such a service sees of the conversation.
//
// The conversation (http_session) knows no service but by this: it reads requests, one after the other, and
// writes replies. What a request means, and whether something of it must go on when its client has left, only
// the service knows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "actors/client/connection.hpp"
#include "net/http/http.hpp"

namespace actors {

/// Bytes of a stream that its client's TCP has not acknowledged.
inline constexpr std::uint64_t stream_unread_max = 512 * 1024;

/// The conversation with a client, as its service sees it.
class http_conversation {
public:
  http_conversation() = default;
  virtual ~http_conversation() = default;
  http_conversation(const http_conversation&) = delete;
  http_conversation& operator=(const http_conversation&) = delete;

  using writer = std::function<void(std::string_view bytes)>;

  /// The reply to the request that is being served. Without `goes_on` it is the last. `write` writes its
  /// bytes, where the service must know about them; nothing else may write to the connection. `of`: its
  /// transaction, for the log.
  virtual void reply(const net::http_reply& r, bool goes_on, const writer& write = {},
                     const config::log::subject& of = {}) = 0;

  /// A reply whose length is not known yet: writes its head; `send_more` follows, until the connection ends,
  /// which ends the reply.
  virtual void begin_stream(net::http_reply head) = 0;

  /// Writes more of it. False: the stream has ended, for its client is gone, or was hung up on because more
  /// than `stream_unread_max` bytes wait for it.
  virtual bool send_more(std::string_view bytes) = 0;

  /// Hangs up when everything written has left.
  virtual void end_stream() = 0;

  /// The client does not read, and was hung up on.
  virtual void client_lost() = 0;
};

class http_service {
public:
  http_service() = default;
  virtual ~http_service() = default;
  http_service(const http_service&) = delete;
  http_service& operator=(const http_service&) = delete;

  /// Replies to this once, now or later. No other request comes before.
  virtual void serve(const net::http_request& request) = 0;

  /// Who the other actors are.
  virtual void learn(const directory&) {}
  /// Something of the client has come in.
  virtual void received() {}
  /// Every second or so.
  virtual void tick() {}
  /// The gateway is ending.
  virtual void drain() {}
  /// The client has gone away. The service still gives its reply, which is not sent.
  virtual void client_gone() {}
  /// Whether the service knows all that it wants to know of what was written.
  virtual bool is_done() const { return true; }
};

/// Makes the service of one connection. It lives as long as its session, and the connection longer.
using http_service_factory = std::function<std::unique_ptr<http_service>(
  session_actor::pointer self, client_connection& connection, http_conversation& with)>;

}  // namespace actors
