#include "codec/exchange/host_request.hpp"

#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"

namespace codec {

message answered_with(const message& request, std::string_view code, const dialect& d) {
  auto m = request;
  for (const int number : {fields::response_code, fields::expiry, fields::track2, fields::track3,
                           fields::track1, fields::pin_block, fields::security_control, fields::icc})
    m.erase(number);
  m.set(fields::mti, d.response_mti(request.mti()));
  set_code(m, code, d);
  return m;
}

bool is_repeatable(const message& request) {
  const auto mti = request.mti();
  return is_request(mti) && (mti[2] == '2' || mti[2] == '4');
}

}  // namespace codec
