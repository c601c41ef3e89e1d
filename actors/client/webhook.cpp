#include "actors/client/webhook.hpp"

#include <nlohmann/json.hpp>

#include "actors/core/signed_post.hpp"
#include "codec/exchange/host_request.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/text/client_json.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/named_json.hpp"

namespace actors {

net::http_post post_of(const codec::message& request, const std::string& id, const webhook& to,
                       const codec::dialect& d) {
  nlohmann::ordered_json body{{"id", id}, {"message", codec::to_named_json(request, d)}};
  const auto& wire = request.wire();
  if (const auto bytes = wire.empty() ? codec::pack(request, d) : codec::result<std::string>(wire);
      to.sees_cards && bytes)
    body["hex"] = codec::to_hex(*bytes);
  return signed_post(body.dump(), id, to.secret, to.now());
}

// {"response_code": "00", "message": {"approval_code": "123456"}}
std::optional<codec::message> response_in(const net::post_result& reply, const codec::message& request,
                                          const codec::dialect& d, std::string& why) {
  if (reply.status != 200) {
    why = reply.status == 0 ? reply.why : "it replies " + std::to_string(reply.status);
    return {};
  }
  why = "its reply is no JSON object with a response_code, or has a member twice";
  const auto read = codec::read_client_json(reply.body);
  const auto body =
    std::holds_alternative<nlohmann::json>(read) ? std::get<nlohmann::json>(read) : nlohmann::json();
  if (!body.is_object() || !body.contains("response_code") || !body.at("response_code").is_string())
    return {};
  const auto code = body.at("response_code").get<std::string>();
  // Filled up with zeros, no code at all would be an approval.
  if (codec::is_blank(code))
    return {};
  auto m = codec::answered_with(request, code, d);
  if (!m.has(codec::fields::response_code))
    return {};
  auto given = body.value("message", nlohmann::json::object());
  if (given.is_object())
    given[codec::name_of(*d.find(codec::fields::mti))] = std::string(m.mti());
  const auto fields = codec::from_named_json(given, d);
  if (!fields) {
    why = "its reply has fields that are not right";
    return {};
  }
  // What pairs the response with the request stays the request's.
  for (const auto& [number, value] : *fields)
    if (number != codec::fields::mti && number != codec::fields::response_code &&
        number != codec::fields::stan && number != codec::fields::tid)
      m.set(number, value);
  return m;
}

}  // namespace actors
