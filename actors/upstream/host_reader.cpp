#include "actors/upstream/host_reader.hpp"

#include <algorithm>
#include <functional>

#include "actors/upstream/host_lines.hpp"
#include "codec/exchange/reject.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/exchange/several_messages.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/unpack.hpp"

namespace actors {

namespace log = config::log;

namespace {

// A code shorter than its field is none of the dialect's: it is unclear which one is meant, and a client
// might take it for another one than the gateway does.
bool has_short_code(const codec::message& m, const codec::dialect& d) {
  const auto* spec = d.find(codec::fields::response_code);
  const auto code = m[codec::fields::response_code];
  if (!spec || !spec->is_fixed() || codec::is_digits(spec->form.what) || codec::is_blank(code))
    return false;
  const auto first = code.find_first_not_of(' ');
  return code.find_last_not_of(' ') + 1 - first < spec->length_max;
}

// A message that cannot be read completely is used if its key fields and its response code can be read,
// unless the settings say otherwise: to drop an approval because of a field that is not needed would mean to
// reverse it. `tell` gets what could not be read of such a message.
codec::result<codec::message> read_from_host(std::string_view frame, const upstream& host,
                                             const std::function<void(const codec::fault&)>& tell) {
  const auto& d = *host.dialect;
  auto whole = codec::unpack(frame, d);
  if (whole && has_short_code(*whole, d))
    return codec::fault{codec::fault_code::wrong_length, codec::fields::response_code, 0};
  if (whole || host.settings.on_unknown == config::unknown_fields::refuse)
    return whole;
  auto part = codec::unpack_what_can_be_read(frame, d);
  if (!part)
    return whole.error();
  using codec::fields::response_code;
  const auto& keys = d.pairing.of(part->value.mti());
  if (part->stopped_at <= response_code ||
      std::ranges::any_of(keys, [&](int field) { return part->stopped_at <= field; }))
    return whole.error();
  // A garbled response code is neither an approval nor a decline, and a client must not guess.
  const auto* code = d.find(response_code);
  const bool is_garbled =
    !part->value.has(response_code) || !code || codec::value_fault(part->value[response_code], *code);
  if (has_short_code(part->value, d) ||
      (is_garbled &&
       std::ranges::find(part->faults, response_code, &codec::fault::field) != part->faults.end()))
    return whole.error();
  for (const auto& f : part->faults)
    tell(f);
  return std::move(part->value);
}

message_ptr message_in(std::string_view bytes, const upstream& host, const environment& env, time_point now) {
  auto unpacked = read_from_host(bytes, host, [&](const codec::fault& f) {
    env.unread->tell(now,
                     "A message from the ISO-host goes on as it came, though not all of it can be read: ", f);
  });
  if (unpacked) {
    log_found(*unpacked, bytes, env);
    return std::make_shared<const codec::message>(std::move(*unpacked));
  }
  log::error("Dropped {} bytes from the ISO-host: {}", bytes.size(), codec::to_string(unpacked.error()));
  return nullptr;
}

// Another client's response may stand behind other bytes or in an unknown field, or text that looks like one:
// it decides nothing, and its card is shown to no client.
std::string_view without_others(std::string_view first, const upstream& host, const environment& env,
                                time_point now) {
  const auto at = codec::other_message_in(first, *host.dialect);
  if (!at)
    return first;
  env.unread->tell(now, "Dropped what looks like another message in one of the ISO-host: ",
                   {codec::fault_code::trailing, codec::whole_message, *at});
  return first.substr(0, *at);
}

}  // namespace

std::vector<message_ptr> messages_in(const net::frame& frame, const upstream& host, const environment& env,
                                     time_point now) {
  if (frame.is == net::frame::kind::bad)
    return {};
  if (frame.is == net::frame::kind::refused)
    log::error("{} bytes from the ISO-host are no response: {}", frame.content.size(), frame.why);
  std::vector<message_ptr> all;
  std::string_view rest = frame.content;
  do {
    auto size = rest.size();
    auto m = codec::unpack(rest, *host.dialect);
    if (m && !has_short_code(*m, *host.dialect)) {
      log_found(*m, rest, env);
      all.push_back(std::make_shared<const codec::message>(std::move(*m)));
    } else {
      size = codec::size_of_first_message(rest, *host.dialect);
      if (size < rest.size())
        env.unread->tell(now, "A frame of the ISO-host has several messages, each is taken by itself: ",
                         {codec::fault_code::trailing, codec::whole_message, size});
      if (auto part = message_in(without_others(rest.substr(0, size), host, env, now), host, env, now))
        all.push_back(std::move(part));
    }
    rest.remove_prefix(size);
  } while (!rest.empty());
  return all;
}

bool rejects(const net::frame& frame, const codec::message& m, const codec::dialect& d) {
  return frame.is == net::frame::kind::refused || codec::is_reject(m, d);
}

void log_reject(const codec::message& m, const in_flight::entry* of) {
  const auto what = codec::label(m) + (m.has(codec::fields::response_code)
                                         ? ", code " + std::string(m[codec::fields::response_code])
                                         : std::string());
  if (of)
    log::warning(of->subject(), "The ISO-host rejects {} ({})", codec::label(*of->request), what);
  else
    log::warning("Dropped {} from the ISO-host, which rejects no request that is certain", what);
}

refusal end_of_rejected(const codec::message& request, const codec::message& m, const codec::dialect& d) {
  const bool is_known =
    d.rejects.not_processed && !codec::is_reversal(request) && !codec::is_response(m.mti());
  return is_known ? refusal::rejected : refusal::rejected_unknown;
}

}  // namespace actors
