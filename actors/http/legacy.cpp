// The old program's HTTP, status by status and word by word: scripts written for it must not notice.

#include "actors/http/legacy.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "actors/core/digest.hpp"
#include "codec/pack.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/client_json.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/legacy_json.hpp"
#include "codec/unpack.hpp"
#include "codec/validate.hpp"
#include "config/log.hpp"

namespace actors {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view unparsed = "Failed to parse packet!";

// "Field 4: not a digit, at byte 23"
std::string place_and_reason(const codec::fault& f) {
  auto text = codec::to_string(f);
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

// The old program's sentence as it was, and behind it what was not understood and where.
std::vector<std::string> not_parsed(std::string place) { return {std::string(unparsed), std::move(place)}; }

std::string text_of(const codec::fault& f, const std::string& field) {
  switch (f.code) {
    case codec::fault_code::missing: return "No field " + field;
    case codec::fault_code::not_a_digit: return "Field " + field + " expected to be numeric";
    case codec::fault_code::not_hex: return "Field " + field + " expected to be hexadecimal";
    case codec::fault_code::too_long: return "Field " + field + " is too long";
    case codec::fault_code::wrong_type: return "Field " + field + " expected to be a string or a number";
    case codec::fault_code::empty: return "Field " + field + " is empty";
    case codec::fault_code::unknown_field:
      return f.field == codec::whole_message ? "Unknown field" : "Unknown field " + field;
    case codec::fault_code::bad_date: return "Field " + field + " expected to be a date";
    case codec::fault_code::not_reversible:
      return "Field 0 expected to be 0100 or 0200: the dialect does not say how other messages that move "
             "money are reversed";
    case codec::fault_code::not_a_request: return "Field 0 expected to be a request";
    case codec::fault_code::bad_mti: return "Field 0 expected to be a message type, such as 0200";
    case codec::fault_code::forbidden:
    case codec::fault_code::unknown_value:
    case codec::fault_code::wrong_form:
    case codec::fault_code::wrong_check_digit:
      return "Field " + field + " is " + std::string(codec::meaning(f.code));
    case codec::fault_code::expired: return "Packet is expired!";
    default: return std::string(unparsed);
  }
}

// As the old program's engine has it, with the place for people behind it.
std::string text_of(const codec::json_fault& f) {
  constexpr std::size_t shown_max = 80;
  switch (f.is) {
    case codec::json_fault::kind::twice:
      return (f.member.size() > shown_max ? "A field" : "Field " + codec::masked_text(f.member)) +
             " is given twice; leave one of them";
    case codec::json_fault::kind::too_deep: return "SyntaxError: JSON nests too deeply";
    case codec::json_fault::kind::syntax: break;
  }
  return (f.at_end ? "SyntaxError: Unexpected end of JSON input"
                   : "SyntaxError: Unexpected token in JSON at position " + std::to_string(f.position)) +
         " (" + f.where + ")";
}

// Absent fields first, then what is wrong with those that are there, as the old program had it.
std::vector<std::string> errors_of(const codec::message& m, const std::vector<codec::fault>& faults,
                                   const http_context& at) {
  auto all = codec::validate(m, at.dialect, at.env.local_time());
  std::erase_if(all, [&](const codec::part_fault& f) {
    return std::ranges::find(faults, f.what.field, &codec::fault::field) != faults.end() ||
           (f.what.code == codec::fault_code::not_a_request && m.mti().empty());
  });
  std::vector<std::string> texts;
  const auto add = [&texts](const codec::fault& f, const std::string& path) {
    texts.push_back(text_of(f, path));
    if (texts.back() == unparsed)
      texts.push_back(place_and_reason(f));
  };
  for (const auto& f : all)
    add(f.what, f.path);
  for (const auto& f : faults)
    add(f, std::to_string(f.field));
  return texts;
}

std::optional<net::http_reply> refusal_of_new(const std::vector<std::string>& errors) {
  return errors.empty() ? std::nullopt : std::optional(legacy_reply(500, errors));
}

// The old program's words, and behind them what was wrong with the message, where that is known.
net::http_reply render_refusal(const refused& r) {
  const auto status = facts_of(r.why).legacy_status;
  switch (status) {
    case 409: return legacy_reply(status, {"Idempotency-Key was used for another message"});
    case 500: {
      std::vector<std::string> errors{"Failed to queue message"};
      if (!r.detail.text.empty())
        errors.push_back(r.detail.text);
      return legacy_reply(status, std::move(errors));
    }
    case 503: return legacy_reply(status, {"Service Temporarily Unavailable"});
    default: return legacy_reply(status, {"Gateway timeout"});
  }
}

http_action post_json(const net::http_request& request, const std::string&, const http_context& at) {
  const auto read = codec::read_client_json(request.body);
  if (const auto* f = std::get_if<codec::json_fault>(&read))
    return legacy_reply(400, {text_of(*f)});
  const auto& body = std::get<json>(read);
  if (body.is_null())
    return legacy_reply(400, {"SyntaxError: JSON null where an object of fields is expected"});
  if (!body.is_object())
    return legacy_reply(
      500, not_parsed("JSON " + std::string(body.type_name()) + " where an object of fields is expected"));
  auto m = codec::from_json(body, at.dialect);
  for (const int number : m.cut)
    config::log::warning(
      "A message at / has an odd number of hexadecimal digits in field {}; the last is dropped", number);
  const auto errors = errors_of(m.value, m.faults, at);
  const auto bytes = codec::pack(m.value, at.dialect);
  if (!m.faults.empty() || !bytes)
    return legacy_reply(500, errors.empty() ? not_parsed(place_and_reason(bytes.error())) : errors);
  // The digest is the message's, not the JSON's: that may hold more than a message, and be deep.
  auto digest = request.idempotency_key.empty() ? std::string() : digest_of("/" + *bytes);
  return http_call{std::move(m.value), std::move(digest), false, refusal_of_new(errors),
                   [&d = at.dialect](const std::string&, const outcome& o) -> net::http_reply {
                     if (const auto* r = std::get_if<refused>(&o))
                       return render_refusal(*r);
                     ordered_json reply;
                     reply["result"] = codec::to_json(*std::get<answered>(o).response, d);
                     reply["errors"] = json::array();
                     return {200, "application/json", reply.dump() + "\n"};
                   }};
}

// Of a body that is no hexadecimal text.
std::string fault_of_hex(const std::string& body, std::size_t digits) {
  constexpr std::string_view taken = " \t\r\n0123456789abcdefABCDEF";
  const auto at = body.find_first_not_of(taken);
  return at == std::string::npos
           ? "An odd number of hexadecimal digits, " + std::to_string(digits)
           : "Not a hexadecimal digit, at character " + std::to_string(at + 1) + " of the body";
}

http_action post_raw(const net::http_request& request, const std::string&, const http_context& at) {
  auto hex = request.body;
  std::erase_if(hex, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  const auto bytes = codec::from_hex(hex);
  if (!bytes)
    return legacy_reply(500, not_parsed(fault_of_hex(request.body, hex.size())));
  auto m = codec::unpack(*bytes, at.dialect);
  if (!m)
    return legacy_reply(500, not_parsed(place_and_reason(m.error())));
  const auto errors = errors_of(*m, {}, at);
  auto digest = request.idempotency_key.empty() ? std::string() : digest_of("/raw" + *bytes);
  return http_call{std::move(*m), std::move(digest), false, refusal_of_new(errors),
                   [&d = at.dialect](const std::string&, const outcome& o) -> net::http_reply {
                     if (const auto* r = std::get_if<refused>(&o))
                       return render_refusal(*r);
                     const auto& response = *std::get<answered>(o).response;
                     const auto reply = response.wire().empty() ? codec::pack(response, d)
                                                                : codec::result<std::string>(response.wire());
                     return reply ? net::http_reply{200, "text/plain", codec::to_hex(*reply)}
                                  : legacy_reply(504, {"Gateway timeout"});
                   }};
}

}  // namespace

net::http_reply legacy_reply(unsigned status, std::vector<std::string> errors) {
  constexpr std::size_t errors_max = 100;
  if (errors.size() > errors_max) {
    errors[errors_max] = "and " + std::to_string(errors.size() - errors_max) + " more errors";
    errors.resize(errors_max + 1);
  }
  const ordered_json body{{"result", ""}, {"errors", errors}};
  net::http_reply reply{status, "application/json", body.dump() + "\n"};
  if (status == 503)
    reply.headers.emplace_back("Retry-After", "5");
  return reply;
}

const http_interface& legacy_interface() {
  static constexpr std::array routes{http_route{"POST", "/", post_json},
                                     http_route{"POST", "/raw", post_raw}};
  static constexpr http_interface all{routes, [] { return legacy_reply(404, {"Not Found"}); },
                                      [] { return legacy_reply(405, {"Method Not Allowed"}); }};
  return all;
}

}  // namespace actors
