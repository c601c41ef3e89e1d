// Finds the fields of a packed message without unpacking it.
//
// Test clients and banks run on the machine that they measure, so they read a message by walking over its
// lengths. This is also a second reader beside codec/unpack: an error in one of them shows in the other.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace lab {

/// Messages of the test tools have one bitmap, so fields 2 to 64.
inline constexpr std::size_t fields_end = 65;

struct outline {
  std::size_t size = 0;                         ///< of the whole message
  std::array<std::uint16_t, fields_end> begin;  ///< offset by field number; where an absent field would be
  std::array<std::uint16_t, fields_end> end;

  std::string_view field(std::string_view message, std::size_t number) const {
    return message.substr(begin[number], static_cast<std::size_t>(end[number] - begin[number]));
  }
};

enum class reading { whole, more_needed, bad };

class layout {
public:
  /// `d` must have a binary bitmap.
  explicit layout(const codec::dialect& d);

  /// Reads the message at the front of `stream`.
  reading read(std::string_view stream, outline& out) const;

private:
  struct shape {
    bool exists = false;
    bool is_bcd = false;
    std::uint16_t prefix_size = 0;
    std::uint16_t size = 0;  ///< of a field without a length prefix
  };

  static int prefixed_size(std::string_view prefix, bool is_bcd);

  std::array<shape, fields_end> shapes_;
};

/// Appends the approval of a request: 0200 -> 0210, and field 39 is 000.
void append_approval(std::string& out, std::string_view request, const outline& of);

/// How many bytes an approval has more than its request.
inline constexpr std::size_t approval_growth = 3;

/// Writes a number right-aligned, with leading zeros.
void write_digits(char* to, std::size_t width, std::uint64_t number);

/// Reads the number of these digits.
std::uint64_t read_digits(std::string_view digits);

}  // namespace lab
