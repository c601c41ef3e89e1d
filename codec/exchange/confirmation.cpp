#include "codec/exchange/confirmation.hpp"

#include <algorithm>

#include "codec/exchange/local_time.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"

namespace codec {

namespace {

constexpr std::uint64_t stan_count = 1000000;

bool differ(std::string_view a, std::string_view b) {
  return !is_blank(a) && !is_blank(b) && without_leading_zeros(a) != without_leading_zeros(b);
}

}  // namespace

bool confirms_earlier(const message& request, const dialect& d) {
  const char of_class = message_class(request.mti());
  return d.confirmation.next_request && is_request(request.mti()) && (of_class == '1' || of_class == '2') &&
         !d.confirmation.mtis.contains(request.mti());
}

bool is_earlier_stan(std::string_view stan, std::string_view than) {
  const auto ahead = (number_of(than) % stan_count + stan_count - number_of(stan) % stan_count) % stan_count;
  return ahead != 0 && ahead < stan_count / 2;
}

bool may_confirm(const message& confirmation, const message& request, std::string_view approved,
                 std::string_view reference, const dialect& d) {
  const auto amount = confirmation[fields::amount];
  if ((differ(amount, request[fields::amount]) && differ(amount, approved)) ||
      differ(confirmation[fields::reference], reference))
    return false;
  return std::ranges::none_of(d.local_time.parts, [&](const auto& part) {
    return differ(confirmation[part.field], request[part.field]);
  });
}

message answer_to_confirmation(const message& confirmation, bool is_confirmed, const dialect& d) {
  message m(d.response_mti(confirmation.mti()));
  for (const int number :
       {fields::processing_code, fields::amount, fields::transmission_time, fields::stan, fields::local_time,
        fields::local_date, fields::reference, fields::tid, fields::merchant})
    if (confirmation.has(number))
      m.set(number, confirmation[number]);
  set_code(m, is_confirmed ? d.answers.approved : d.answers.not_found, d);
  return m;
}

}  // namespace codec
