// What the clients send: packed once by codec, then only the digits that change are written anew.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "tests/lab/wire.hpp"

namespace lab {

/// The local time as fields 7 and 12 have it.
class wall_clock {
public:
  /// YYMMDDhhmmss; field 7 is the same without the year.
  std::string_view now();

private:
  std::time_t second_ = 0;
  std::string text_;
};

/// One client's purchase. Terminal, card and all behind field 41 stay the same.
class purchase {
public:
  purchase(const codec::dialect& d, const layout& wire, std::uint64_t tid);

  /// What goes to the wire, until the next call.
  std::string_view write(std::uint64_t amount, std::uint64_t stan, std::string_view local_time);

  /// Field 41 and everything behind it, which a reply must repeat byte for byte.
  std::string_view tail() const { return std::string_view(bytes_).substr(where_.begin[41]); }

private:
  std::string bytes_;
  outline where_;
};

/// A line test of one terminal, with that STAN.
std::string echo_test(const codec::dialect& d, std::uint64_t tid, std::uint64_t stan,
                      std::string_view local_time);

}  // namespace lab
