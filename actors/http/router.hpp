// An HTTP request -> what to do about it. No actor in it, no socket.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"
#include "net/http/http.hpp"

namespace actors {

/// Characters; a longer Idempotency-Key is refused.
inline constexpr std::size_t idempotency_key_max = 255;

/// Why the host was not asked, or not heard.
struct refused {
  refusal why;
  refusal_detail detail = {};
};

/// What the host said.
struct answered {
  message_ptr response;
  std::optional<bool> was_approval = {};  ///< as in `request_status`
};

/// What the host said, or why there is nothing that it said.
using outcome = std::variant<answered, refused>;

/// Take this to the host, and tell the client what came of it.
struct http_call {
  codec::message request;
  std::string digest;  ///< of what was asked, where the request has an Idempotency-Key; else empty
  bool remembered;     ///< the client is told an id, by which it may ask later
  std::optional<net::http_reply>
    instead;  ///< what a new message gets instead; a repeated one has its answer already
  std::function<net::http_reply(const std::string& id, const outcome&)> render;
  bool own_stan = false;  ///< the client gave no STAN
};

/// Look this up, and tell the client.
struct http_lookup {
  std::string id;
  bool confirms = false;  ///< the client says that it has the answer
  std::function<net::http_reply(const request_status&)> render;
};

using http_action = std::variant<net::http_reply, http_call, http_lookup>;

/// Where a request has come in.
struct http_context {
  const environment& env;
  const codec::dialect& dialect;  ///< of the port's messages; it lives as long as the client's session
};

/// What answers a method and a path. GET answers HEAD too; `{id}` in a path stands for anything.
struct http_route {
  std::string_view method;
  std::string_view path;  ///< "/v1/messages/{id}/confirm"
  http_action (*handle)(const net::http_request& request, const std::string& id, const http_context& at);
};

/// The routes of one kind, in the order in which they are tried, and how its refusals look.
struct http_interface {
  std::span<const http_route> routes;
  net::http_reply (*not_found)();
  net::http_reply (*not_allowed)();
};

/// What the first route whose path fits says; 404, 405 and OPTIONS follow from the table.
http_action route(const http_interface& i, const net::http_request& request, const http_context& at);

/// The same, of the interface that the path belongs to.
http_action route(const net::http_request& request, const http_context& at);

/// What a request gets that cannot be read, in the old program's form: nobody knows which interface was
/// meant.
net::http_reply reply_to_fault(net::http_fault fault);

/// Why a reply refuses, for the log: what its body says, and nothing of the request but names of fields,
/// masked.
std::string reason_of(const net::http_reply& reply);

/// 400 where its Idempotency-Key is none, 415 where its body is compressed; nothing where it may be served.
std::optional<net::http_reply> reply_to_header(const net::http_request& request);

/// 408: it did not come in time. 503: the gateway is ending.
net::http_reply reply_too_slow();
net::http_reply reply_draining(const net::http_request& request);

}  // namespace actors
