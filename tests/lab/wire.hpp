// Where the fields of a packed message stand, found without unpacking it.
//
// Clients and bank share the machine with what they measure, so they read a
// message by walking over its lengths. It is a second reader beside
// codec/unpack, too: what one of them gets wrong the other does not.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace lab {

/// Messages of the bench have one bitmap.
inline constexpr std::size_t fields_end = 65;

struct outline {
  std::size_t size = 0;                         ///< of the whole message
  std::array<std::uint16_t, fields_end> begin;  ///< by field number; where an absent field would stand
  std::array<std::uint16_t, fields_end> end;

  std::string_view field(std::string_view message, std::size_t number) const {
    return message.substr(begin[number], static_cast<std::size_t>(end[number] - begin[number]));
  }
};

enum class reading { whole, more_needed, bad };

class layout {
public:
  /// The dialect's bitmap must be binary.
  explicit layout(const codec::dialect& d);

  /// The message at the front of `stream`.
  reading read(std::string_view stream, outline& out) const;

private:
  struct shape {
    bool exists = false;
    bool is_bcd = false;
    std::uint16_t prefix_size = 0;
    std::uint16_t size = 0;  ///< where there is no prefix
  };

  static int prefixed_size(std::string_view prefix, bool is_bcd);

  std::array<shape, fields_end> shapes_;
};

/// Appends the approval of a request: 0200 -> 0210, and field 39 is 000.
void append_approval(std::string& out, std::string_view request, const outline& of);

/// How much longer than its request an approval is.
inline constexpr std::size_t approval_growth = 3;

/// Right-aligned, with zeros in front.
void write_digits(char* to, std::size_t width, std::uint64_t number);

/// The number that digits write.
std::uint64_t read_digits(std::string_view digits);

}  // namespace lab
