#include "codec/exchange/reversal.hpp"

#include <algorithm>
#include <array>

#include "codec/exchange/original_data.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/validate.hpp"

namespace codec {

namespace {

// By their numbers, for a dialect file could be wrong about their privacy.
constexpr std::array never_kept{35, 36, 45, 52, 53, 55};

constexpr int pan_field = 2, expiry_field = 14, track2_field = 35;

// The digits at the front of track 2 (ISO/IEC 7813).
std::string pan_of(const message& m) {
  if (m.has(pan_field))
    return std::string(m[pan_field]);
  const auto track = m[track2_field];
  const auto end = track.find_first_not_of("0123456789");
  return std::string(track.substr(0, std::min(end, track.size())));
}

// nullptr where it may not.
const field_spec* may_be_kept(int number, const dialect& d) {
  return std::ranges::find(never_kept, number) == never_kept.end() ? d.find(number) : nullptr;
}

bool contains(const std::set<std::string, std::less<>>& codes, const message& m) {
  return m.has(39) && codes.contains(without_leading_zeros(m[39]));
}

}  // namespace

bool moves_money(const message& request, const dialect& d) {
  return d.reversal.of.contains(request.mti()) &&
         std::ranges::none_of(d.reversal.except_processing,
                              [&](const std::string& p) { return request[3].starts_with(p); });
}

bool is_reversal(const message& request) {
  return is_request(request.mti()) && message_class(request.mti()) == '4';
}

reply reply_of(const message& response, const dialect& d) {
  if (d.approves(response))
    return reply::approved;
  // Without a code nobody can say what the host did.
  if (!response.has(39) || contains(d.reversal.undetermined, response))
    return reply::undetermined;
  return contains(d.reversal.duplicate, response) ? reply::duplicate : reply::declined;
}

reversal_reply reversal_reply_of(const message& response, const dialect& d, earlier_attempt earlier) {
  if (contains(d.reversal.done, response) ||
      (earlier == earlier_attempt::unanswered && contains(d.reversal.duplicate, response)))
    return reversal_reply::done;
  if (!response.has(39) || contains(d.reversal.system_errors, response))
    return reversal_reply::system_error;
  return contains(d.reversal.not_found, response) ? reversal_reply::not_found : reversal_reply::refused;
}

message reversal_of(const message& original, const message& heard, const dialect& d,
                    std::chrono::local_seconds now, int attempt) {
  auto m = original;
  for (const int number : d.reversal.without)
    m.erase(number);
  m.set(0, attempt > 1 && !d.reversal.repeat_mti.empty() ? d.reversal.repeat_mti : d.reversal.mti);
  for (const auto& [number, value] : d.reversal.set)
    set_known(m, number, fill_template(value, original, d), d);
  set_known(m, 7, format_local_time(now).substr(2), d);
  for (const int number : {37, 38})
    if (heard.has(number))
      m.set(number, std::string(heard[number]));
  return m;
}

message open_part(const message& m, const dialect& d) {
  message open;
  for (const auto& [number, value] : m)
    if (const auto* spec = may_be_kept(number, d); spec && spec->shown == privacy::open)
      open.set(number, value);
  return open;
}

retained_parts parts_to_retain(const message& request, const dialect& d) {
  retained_parts parts{open_part(request, d), {}};
  for (const auto& [number, value] : request)
    if (const auto* spec = may_be_kept(number, d);
        spec && spec->shown != privacy::open &&
        (spec->shown == privacy::pan || spec->shown == privacy::free || number == expiry_field))
      parts.sealed.set(number, value);
  if (const auto pan = pan_of(request); !pan.empty() && !parts.sealed.has(pan_field))
    set_known(parts.sealed, pan_field, pan, d);
  return parts;
}

std::string masked_card(const message& m) {
  const auto pan = pan_of(m);
  return pan.empty() ? "" : masked_pan(pan);
}

}  // namespace codec
