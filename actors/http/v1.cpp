// The interface of today.
//
//   POST /v1/messages        a message, by field names; the answer of the host
//   GET  /v1/messages/{id}   what became of it
//   POST /v1/messages/{id}/confirm   the client has its answer
//   POST /v1/describe        what a message in hexadecimal says
//   GET  /v1/openapi.json    all this, for programs

#include "actors/http/v1.hpp"

#include <array>
#include <set>

#include "actors/core/digest.hpp"
#include "actors/http/field_faults.hpp"
#include "actors/http/openapi.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/renumber.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/privacy/message_table.hpp"
#include "codec/text/client_json.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/latin1.hpp"
#include "codec/text/named_json.hpp"
#include "codec/unpack.hpp"
#include "codec/validate.hpp"

namespace actors {

namespace {

namespace fields = codec::fields;

using nlohmann::json;
using nlohmann::ordered_json;

// One kind of problem: its stable code, where it is found and what is then known about the money.
struct problem_kind {
  unsigned status;
  std::string_view code;     // for programs: "queue_full"
  std::string_view title;    // for people
  std::string_view stage;    // request, queue, host or timeout
  std::string_view outcome;  // not_sent, declined or unknown
};

constexpr problem_kind bad_json{400, "bad_json", "The body is not JSON", "request", "not_sent"};
constexpr problem_kind no_object{400, "bad_json", "The body is no JSON object of fields", "request",
                                 "not_sent"};
constexpr problem_kind bad_encoding{415, "unsupported_media_type", "The body must not be compressed",
                                    "request", "not_sent"};
constexpr problem_kind long_key{400, "bad_idempotency_key", "Idempotency-Key is longer than 255 characters",
                                "request", "not_sent"};
constexpr problem_kind unclear_key{
  400, "bad_idempotency_key", "Idempotency-Key is empty, or there more than once", "request", "not_sent"};
constexpr problem_kind bad_fields{422, "bad_fields", "The message has errors", "request", "not_sent"};
constexpr problem_kind bad_type{415, "unsupported_media_type", "The body must be application/json", "request",
                                "not_sent"};
constexpr problem_kind no_such_path{404, "not_found", "There is nothing here", "request", "not_sent"};
constexpr problem_kind no_such_id{404, "unknown_transaction",
                                  "No transaction has this id, or it is too long ago", "request", "unknown"};
constexpr problem_kind no_request_cache{503, "registry_unavailable",
                                        "What became of it cannot be told just now", "queue", "unknown"};
constexpr problem_kind bad_method{405, "method_not_allowed", "This method is not allowed here", "request",
                                  "not_sent"};
constexpr problem_kind draining{503, "draining", "The gateway is ending; ask again soon", "request",
                                "not_sent"};

problem_kind problem_of(refusal why) {
  const auto& f = facts_of(why);
  return {f.status, f.code, f.title, f.stage, f.outcome};
}

// A field's name, and what is wrong with it in a sentence.
struct field_error {
  std::string field, detail;
};
using details = std::vector<field_error>;

// What is known about the money of a refused message; `reversed`: its purchase has been reversed at the host.
std::string outcome_of(const problem_kind& kind, bool is_reversed_by_us, bool reversed = false) {
  if (reversed)
    return "reversed";
  return std::string(kind.outcome == "reversing" && !is_reversed_by_us ? "unknown" : kind.outcome);
}

net::http_reply problem(const problem_kind& kind, const std::string& id = {}, const details& faults = {},
                        bool is_reversed_by_us = false) {
  ordered_json body{{"type", "about:blank"}, {"title", kind.title},
                    {"status", kind.status}, {"code", kind.code},
                    {"stage", kind.stage},   {"outcome", outcome_of(kind, is_reversed_by_us)}};
  if (!id.empty())
    body["transaction_id"] = id;
  for (const auto& f : faults)
    body["errors"].push_back({{"field", codec::masked_text(f.field)}, {"detail", f.detail}});
  net::http_reply reply{kind.status, "application/problem+json", body.dump() + "\n"};
  if (kind.status == 503)
    reply.headers.emplace_back("Retry-After", "5");
  return reply;
}

net::http_reply problem_with(const problem_kind& kind, const std::string& detail) {
  return problem(kind, {}, {{"", detail}});
}

details details_of(const refusal_detail& d) {
  return d.text.empty() ? details{} : details{{d.field, d.text}};
}

net::http_reply problem_of(const codec::json_fault& f) {
  return f.is == codec::json_fault::kind::twice
           ? problem(bad_fields, {}, {{f.member, "given twice; leave one of them"}})
           : problem_with(bad_json, codec::to_string(f));
}

net::http_reply json_reply(const ordered_json& body) { return {200, "application/json", body.dump() + "\n"}; }

ordered_json text_or_null(std::string_view text) {
  return text.empty() ? ordered_json() : ordered_json(codec::utf8_of_latin1(text));
}

// What the host said, for a program.
ordered_json answer_of(const std::string& id, const codec::message& response,
                       std::optional<bool> was_approval, const codec::dialect& d) {
  const bool approved = was_approval.value_or(codec::accepts(response, d));
  const auto meaning = d.meaning_of(response[fields::response_code]);
  ordered_json answer{{"transaction_id", id},
                      {"outcome", approved ? "approved" : "declined"},
                      {"approved", approved},
                      {"response_code", text_or_null(response[fields::response_code])},
                      {"response_text", meaning.empty() ? ordered_json() : ordered_json(meaning)},
                      {"stan", text_or_null(response[fields::stan])},
                      {"rrn", text_or_null(response[fields::reference])},
                      {"approval_code", text_or_null(response[fields::approval_code])},
                      {"message", codec::to_named_json(response, d)}};
  if (!response.wire().empty())
    answer["note"] = "The host's answer has parts that its dialect does not know; they are not shown";
  return answer;
}

// What everybody would fill in the same way: the times, and a STAN where the program keeps none.
// True if it filled in the STAN.
bool fill_in(codec::message& m, const http_context& at) {
  const auto now = at.env.local_time();
  const auto& d = at.dialect;
  if (!m.has(fields::transmission_time) && d.find(fields::transmission_time) &&
      d.find(fields::transmission_time)->length_max == 10)
    m.set(fields::transmission_time, codec::transmission_time(now));
  // A client's own reversal has the time of what it means, which the journal knows.
  if (codec::message_class(m.mti()) != '8' && !codec::is_reversal(m))
    codec::set_local_time(m, d, now);
  if (m.has(fields::stan) || !codec::has_own_stan(d))
    return false;
  m.set(fields::stan, codec::stan_text(at.env.next_stan(at.env.upstream_for(m))));
  return true;
}

bool is_json(const net::http_request& request) {
  return request.content_type == "application/json" || request.content_type.ends_with("+json");
}

codec::message with_local_time(codec::message m, const codec::dialect& d, std::chrono::local_seconds now) {
  codec::set_local_time(m, d, now);
  return m;
}

// What is wrong with what was given, and behind it what is not there.
details faults_of(const codec::named_message& given, const json& body, const http_context& at) {
  details all;
  std::set<int> named;
  for (const auto& f : given.faults) {
    all.push_back({f.path, detail_of(f, body, at.dialect)});
    if (const auto* spec = at.dialect.find(std::string_view(f.path).substr(0, f.path.find('.'))))
      named.insert(spec->number);
  }
  const auto now = at.env.local_time();
  const auto found = codec::is_reversal(given.value)
                       ? codec::validate(with_local_time(given.value, at.dialect, now), at.dialect, now)
                       : codec::validate(given.value, at.dialect, now);
  for (const auto& f : found) {
    // What a message must have depends on its kind.
    if (named.contains(f.what.field) || (!given.faults.empty() && given.value.mti().empty()))
      continue;
    const auto* spec = at.dialect.find(f.what.field);
    const auto parts = f.path.find('.');
    const auto path = (spec ? codec::name_of(*spec) : f.path.substr(0, parts)) +
                      (parts == std::string::npos ? "" : f.path.substr(parts));
    all.push_back({path, detail_of({f.what.code, path}, body, at.dialect)});
  }
  return all;
}

http_action post_message(const net::http_request& request, const std::string&, const http_context& at) {
  if (!is_json(request))
    return problem(bad_type);
  const auto read = codec::read_client_json(request.body);
  if (const auto* f = std::get_if<codec::json_fault>(&read))
    return problem_of(*f);
  const auto& body = std::get<json>(read);
  if (!body.is_object())
    return problem_with(no_object, "such as {\"mti\": \"0200\", \"amount\": \"1000\", ...}");
  auto given = codec::read_named_json(body, at.dialect);
  auto* m = &given.value;
  const bool own_stan = fill_in(*m, at);
  const auto faults = faults_of(given, body, at);
  if (!given.faults.empty())
    return problem(bad_fields, {}, faults);
  const auto refused = faults.empty() ? std::nullopt : std::optional(problem(bad_fields, {}, faults));
  const bool reverses = codec::moves_money(*m, at.dialect) && !at.env.settings.delivery.no_auto_reversal;
  return http_call{std::move(*m),
                   request.idempotency_key.empty() ? std::string() : digest_of("/v1/messages" + body.dump()),
                   true,
                   refused,
                   [&d = at.dialect, reverses](const std::string& id, const outcome& o) {
                     if (const auto* r = std::get_if<actors::refused>(&o))
                       return problem(problem_of(r->why), id, details_of(r->detail), reverses);
                     const auto& a = std::get<answered>(o);
                     return json_reply(answer_of(id, *a.response, a.was_approval, d));
                   },
                   own_stan};
}

http_action look_up(const std::string& id, const http_context& at, bool confirms) {
  return http_lookup{
    id, confirms,
    [id, &d = at.dialect, reverses = !at.env.settings.delivery.no_auto_reversal](const request_status& s) {
      if (s.refused == refusal::failed_unknown && s.id.empty())
        return problem(no_request_cache, codec::utf8_of_latin1(codec::masked_text(id)));
      if (s.id.empty())
        return problem(no_such_id, codec::utf8_of_latin1(codec::masked_text(id)));
      if (s.refused)
        return json_reply(
          {{"transaction_id", id},
           {"outcome", outcome_of(problem_of(*s.refused), reverses && s.delivery_of != 0, s.reversed)},
           {"approved", false},
           {"code", problem_of(*s.refused).code}});
      if (!s.response)
        return json_reply({{"transaction_id", id}, {"outcome", "pending"}, {"approved", false}});
      return json_reply(answer_of(id, *s.response, s.was_approval, d));
    }};
}

http_action get_message(const net::http_request&, const std::string& id, const http_context& at) {
  return look_up(id, at, false);
}

http_action confirm_message(const net::http_request&, const std::string& id, const http_context& at) {
  return look_up(id, at, true);
}

http_action get_openapi(const net::http_request&, const std::string&, const http_context& at) {
  return json_reply(openapi(at.dialect));
}

http_action describe(const net::http_request& request, const std::string&, const http_context& at) {
  auto hex = request.body;
  if (is_json(request)) {
    const auto read = codec::read_client_json(request.body);
    if (const auto* f = std::get_if<codec::json_fault>(&read))
      return problem_of(*f);
    const auto& body = std::get<json>(read);
    if (!body.is_object() || !body.contains("hex") || !body.at("hex").is_string())
      return problem_with(no_object, "such as {\"hex\": \"30383030...\"}");
    hex = body.at("hex").get<std::string>();
  }
  std::erase_if(hex, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  const auto bytes = codec::from_hex(hex);
  if (!bytes)
    return problem(bad_fields, {}, {{"hex", "hex must be pairs of hexadecimal digits"}});
  const auto m = codec::unpack(*bytes, at.dialect);
  if (!m) {
    const auto* spec = at.dialect.find(m.error().field);
    return problem(bad_fields, {}, {{spec ? codec::name_of(*spec) : "", codec::to_string(m.error())}});
  }
  return json_reply({{"title", codec::title(*m)},
                     {"message", codec::to_named_json(*m, at.dialect)},
                     {"table", codec::utf8_of_latin1(codec::message_table(*m, at.dialect))}});
}

}  // namespace

net::http_reply v1_draining() { return problem(draining); }

net::http_reply v1_long_key() { return problem(long_key); }

net::http_reply v1_encoded() { return problem(bad_encoding); }

net::http_reply v1_unclear_key() { return problem(unclear_key); }

const http_interface& v1_interface() {
  static constexpr std::array routes{
    http_route{"POST", "/v1/messages", post_message},
    http_route{"POST", "/v1/messages/{id}/confirm", confirm_message},
    http_route{"GET", "/v1/messages/{id}", get_message},
    http_route{"POST", "/v1/describe", describe},
    http_route{"GET", "/v1/openapi.json", get_openapi},
  };
  static constexpr http_interface all{routes, [] { return problem(no_such_path); },
                                      [] { return problem(bad_method); }};
  return all;
}

}  // namespace actors
