// An HTTP request -> what to do about it: which interface, and what every interface has in common.

#include "actors/http/router.hpp"

#include <nlohmann/json.hpp>

#include "actors/http/legacy.hpp"
#include "actors/http/paths.hpp"
#include "actors/http/v1.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace {

bool is_v1(std::string_view path) { return path == "/v1" || path.starts_with("/v1/"); }

// Of one of the `errors` of /v1.
std::string reason_in(const nlohmann::json& error) {
  const auto field = error.at("field").get<std::string>(), detail = error.at("detail").get<std::string>();
  return field.empty() || detail.starts_with(field) ? detail : field + ": " + detail;
}

}  // namespace

http_action route(const http_interface& i, const net::http_request& request, const http_context& at) {
  const auto found = find_row(i.routes, request.method, request.path);
  if (found.row)
    return found.row->handle(request, found.id, at);
  if (found.allowed.empty())
    return i.not_found();
  auto reply = request.method == "OPTIONS" ? net::http_reply{204, {}, {}, {}} : i.not_allowed();
  reply.headers.emplace_back("Allow", found.allowed);
  return reply;
}

http_action route(const net::http_request& request, const http_context& at) {
  if (request.path == "*" && request.method == "OPTIONS")
    return net::http_reply{204, {}, {}, {{"Allow", "GET, HEAD, POST, OPTIONS"}}};
  if (is_v1(request.path))
    return route(v1_interface(), request, at);
  // The old program compares the whole target.
  return request.has_query ? legacy_interface().not_found() : route(legacy_interface(), request, at);
}

net::http_reply reply_to_fault(net::http_fault fault) {
  switch (fault) {
    case net::http_fault::malformed: break;
    case net::http_fault::header_too_large: return legacy_reply(431, {"Request Header Fields Too Large"});
    case net::http_fault::body_too_large: return legacy_reply(413, {"Payload Too Large"});
    case net::http_fault::unsupported_coding: return legacy_reply(501, {"Transfer-Encoding Not Implemented"});
    case net::http_fault::unsupported_version: return legacy_reply(505, {"HTTP Version Not Supported"});
  }
  return legacy_reply(400, {"Bad Request"});
}

std::string reason_of(const net::http_reply& reply) {
  constexpr std::size_t size_max = 1000;
  const auto body = nlohmann::json::parse(reply.body, nullptr, false);
  std::string text;
  const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
  if (body.is_object() && body.contains("code"))
    add(body.at("code").get<std::string>());
  if (body.is_object() && body.contains("errors"))
    for (const auto& e : body.at("errors"))
      add(e.is_object() ? reason_in(e) : e.get<std::string>());
  if (body.is_object() && body.contains("problems"))
    for (const auto& p : body.at("problems"))
      add(p.at("detail").get<std::string>());
  return codec::masked_text(text.substr(0, size_max));
}

std::optional<net::http_reply> reply_to_header(const net::http_request& request) {
  if (!request.content_encoding.empty()) {
    auto reply = is_v1(request.path) ? v1_encoded() : legacy_reply(415, {"Unsupported Media Type"});
    reply.headers.emplace_back("Accept-Encoding", "identity");
    return reply;
  }
  if (request.key_is_unclear)
    return is_v1(request.path) ? v1_unclear_key()
                               : legacy_reply(400, {"Idempotency-Key is empty, or there more than once"});
  if (request.idempotency_key.size() > idempotency_key_max)
    return is_v1(request.path)
             ? v1_long_key()
             : legacy_reply(400, {"Idempotency-Key is longer than " + std::to_string(idempotency_key_max)});
  return {};
}

net::http_reply reply_too_slow() { return legacy_reply(408, {"Request Timeout"}); }

net::http_reply reply_draining(const net::http_request& request) {
  return is_v1(request.path) ? v1_draining() : legacy_reply(503, {"Service Temporarily Unavailable"});
}

}  // namespace actors
