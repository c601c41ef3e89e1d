// The message type indicator: its four digits are version, class, function and origin
// (ISO 8583:1987, 4.1; ISO 8583:1993, 4.2). 0200 asks, 0210 answers; 0201 is 0200 again.
#pragma once

#include <string>
#include <string_view>

namespace codec {

/// Four digits.
inline bool is_mti(std::string_view mti) {
  const auto is_digit = [mti](std::size_t i) { return mti[i] >= '0' && mti[i] <= '9'; };
  return mti.size() == 4 && is_digit(0) && is_digit(1) && is_digit(2) && is_digit(3);
}

/// Requests and advices have an even function digit, their responses the odd one behind it.
inline bool is_request(std::string_view mti) { return is_mti(mti) && (mti[2] - '0') % 2 == 0; }

inline bool is_response(std::string_view mti) { return is_mti(mti) && !is_request(mti); }

/// The usual MTI of the response: 0200 -> 0210, 0421 -> 0430, 1804 -> 1814. A repeat is answered like what it
/// repeats, so the last digit is the even one below. `mti` must be a request's.
inline std::string response_mti(std::string_view mti) {
  return {mti[0], mti[1], static_cast<char>(mti[2] + 1), static_cast<char>(mti[3] - (mti[3] - '0') % 2)};
}

/// x200, a request for money of its own: no repeat, no advice (of any edition).
inline bool is_purchase_request(std::string_view mti) { return is_mti(mti) && mti.substr(1) == "200"; }
inline bool is_purchase_response(std::string_view mti) { return is_mti(mti) && mti.substr(1) == "210"; }

/// Second digit: '2' financial, '4' reversal, '8' network management; '\0' where `mti` is none.
inline char message_class(std::string_view mti) { return is_mti(mti) ? mti[1] : '\0'; }

}  // namespace codec
