// An HTTP request -> what to do about it. No actor in it, no socket.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "actors/environment.hpp"
#include "actors/protocol.hpp"
#include "net/http.hpp"

namespace actors {

/// What the host said, or why it was not asked or not heard.
using outcome = std::variant<message_ptr, refusal>;

/// Take this to the host, and tell the client what came of it.
struct http_call {
  codec::message request;
  std::string digest;  ///< of what was asked, for its Idempotency-Key
  std::function<net::http_reply(const std::string& id, const outcome&)> render;
};

/// Look this up, and tell the client.
struct http_lookup {
  std::string id;
  std::function<net::http_reply(const standing&)> render;
};

using http_action = std::variant<net::http_reply, http_call, http_lookup>;

/// A faultless message, or a reply that says what is wrong: nothing bad goes further.
http_action route(const net::http_request& request, const environment& env);

/// What a request gets that cannot be read. `path`: of the interface whose form the reply takes.
net::http_reply reply_to_fault(net::http_fault fault);

/// 408: it did not come in time. 503: the gateway is ending.
net::http_reply reply_too_slow();
net::http_reply reply_draining(const net::http_request& request);

/// SHA-256 as hexadecimal.
std::string digest_of(std::string_view text);

} // namespace actors
