// Lengths as they stand in the header of a frame.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace net {

enum class number_form : std::uint8_t { ascii, bcd, big_endian, little_endian };

/// The bytes of the longest number.
inline constexpr std::size_t number_size_max = 8;

/// The highest number of `size` bytes.
std::uint64_t number_max(number_form form, std::size_t size);

/// Appends the lowest digits of `number`, `size` bytes.
void append_number(std::string& out, std::uint64_t number, number_form form, std::size_t size);

/// Whether these bytes can be a number, or the beginning of one.
bool is_number(std::string_view bytes, number_form form);

/// The number in these bytes, which `is_number`.
std::uint64_t number_in(std::string_view bytes, number_form form);

}  // namespace net
