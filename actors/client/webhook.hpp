// Gives requests of the host to an HTTP server of the operator.
//
// A request is a JSON object, signed by a secret that both know. What comes back in time is the response.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "actors/core/environment.hpp"
#include "actors/protocol/common.hpp"
#include "net/http/poster.hpp"

namespace actors {

/// The server, and how it is spoken to.
struct webhook {
  net::poster post;
  std::string secret;
  bool sees_cards = false;                             ///< it gets the whole message, not only a masked one
  std::function<std::chrono::sys_seconds()> now = {};  ///< the wall clock, for its signatures
};

/// It has replied, or not: a message of `host_requests` to itself.
struct posted {
  std::uint64_t number;
  net::post_result reply;
};

/// What is posted for a request of the host; `id`: the same each time that this one is posted.
net::http_post post_of(const codec::message& request, const std::string& id, const webhook& to,
                       const codec::dialect& d);

/// The response that the server's reply has: the code of field 39, and other fields. Nothing, and `why`,
/// where it has none.
std::optional<codec::message> response_in(const net::post_result& reply, const codec::message& request,
                                          const codec::dialect& d, std::string& why);

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::posted)
