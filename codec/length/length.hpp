// How the length in front of a variable field is written: one `length_coding` a file of this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace codec {

struct length_coding {
  std::string_view name;
  /// The number that `bytes` are, or -1 - i where byte i is no digit.
  std::ptrdiff_t (*read)(std::string_view bytes);
  /// Appends `length` in `size` bytes. It must fit.
  void (*write)(std::size_t length, std::size_t size, std::string& bytes);
  std::size_t (*most)(std::size_t size);  ///< the largest number that so many bytes hold
  std::size_t size_max;                   ///< bytes
};

extern const length_coding ascii_length;
extern const length_coding bcd_length;
extern const length_coding binary_length;
extern const length_coding ebcdic_length;

/// What the number in front counts.
enum class counting : std::uint8_t {
  units,  ///< digits, characters; bytes of a value that is bytes
  bytes,  ///< bytes on the wire
};

/// The length of a field: fixed, or variable with a number in front.
struct length_form {
  const length_coding* coded = nullptr;  ///< nullptr: fixed
  std::uint8_t size = 0;                 ///< bytes of the number in front
  counting counts = counting::units;

  friend bool operator==(const length_form&, const length_form&) = default;
};

}  // namespace codec
