// The requests of test clients: packed once by codec, afterwards only the changing digits are written.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "tests/lab/wire.hpp"

namespace lab {

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
