// The requests of test clients: packed once by codec, afterwards only the changing digits are written.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "tests/lab/wire.hpp"

namespace lab {

/// A test card and 132 bytes of made-up chip data, in hexadecimal.
inline constexpr std::string_view track_2 = "4850781234567891=28121010000012300000";
inline constexpr std::string_view chip =
  "9f2608a1b2c3d4e5f607189f2701809f101206011203a0000f0400000000000000000000ffff9f370412345678"
  "9f36020123950580800080009a032501019c01009f02060000000010009f03060000000000005f2a0209788202"
  "39009f1a0208269f3303e0f8c89f34034103029f3501229f1e0831323334353637388407a00000000410109f09"
  "0200029f4104000000015f340101";

/// A STAN has six digits (ISO 8583, field 11), and none is 000000.
inline constexpr std::uint64_t stan_max = 999'999;

/// The local time in the formats of fields 7 and 12.
class wall_clock {
public:
  /// YYMMDDhhmmss; field 7 is the same without the year.
  std::string_view now();

private:
  std::time_t second_ = 0;
  std::string text_;
};

/// One client's purchase. Terminal, card and all fields from 41 on stay the same.
class purchase {
public:
  purchase(const codec::dialect& d, const layout& wire, std::uint64_t tid);

  /// The packed request, valid until the next call.
  std::string_view write(std::uint64_t amount, std::uint64_t stan, std::string_view local_time);

  /// Field 41 and everything behind it, which a response must repeat byte for byte.
  std::string_view tail() const { return std::string_view(bytes_).substr(where_.begin[41]); }

private:
  std::string bytes_;
  outline where_;
};

/// A network management request (0800) of one terminal, with that STAN.
std::string echo_test(const codec::dialect& d, std::uint64_t tid, std::uint64_t stan,
                      std::string_view local_time);

}  // namespace lab
