#include "codec/exchange/reversal.hpp"

#include <algorithm>

#include "codec/exchange/original_data.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/validate.hpp"

namespace codec {

namespace {

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

}  // namespace codec
