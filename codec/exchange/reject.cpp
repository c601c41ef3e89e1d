#include "codec/exchange/reject.hpp"

#include "codec/exchange/matching.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"

namespace codec {

namespace {

constexpr char administrative = '6';

// The MTIs of responses to the requests that may be meant. A version of 8 or 9 is the host's mark.
std::vector<std::string> meant_mtis(std::string_view mti) {
  std::vector<std::string> all;
  // It rejects a response, which is no request's.
  if (mti[1] != administrative && is_response(mti))
    return all;
  for (const char version : std::string_view("012"))
    for (char of_class = '1'; of_class <= '8'; ++of_class)
      for (char function = '1'; function <= '9'; function += 2) {
        const bool is_like_it = of_class == mti[1] && (function - '0') / 2 == (mti[2] - '0') / 2;
        if ((mti[0] > '2' || version == mti[0]) && (mti[1] == administrative || is_like_it))
          for (char origin = '0'; origin <= '5'; ++origin)
            all.push_back({version, of_class, function, origin});
      }
  return all;
}

}  // namespace

bool is_reject(const message& m, const dialect& d) { return d.rejects.mtis.contains(m.mti()); }

std::vector<std::string> rejected_keys(const message& reject, const dialect& d) {
  std::vector<std::string> keys;
  if (!is_mti(reject.mti()))
    return keys;
  const auto add = [&](const message& m) {
    if (auto key = pairing_key(m, d); !is_partial(key))
      keys.push_back(std::move(key));
  };
  if (!is_reject(reject, d)) {
    add(reject);
    return keys;
  }
  auto m = reject;
  for (const auto& mti : meant_mtis(reject.mti())) {
    m.set(fields::mti, mti);
    add(m);
  }
  return keys;
}

}  // namespace codec
