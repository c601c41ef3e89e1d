// How the characters of a value stand in bytes: one `encoding` a file of this folder, each a table of small
// functions. An encoding knows digits and characters, nothing of fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace codec {

/// What a value may be made of (ISO 8583:1987, 4.2). A value of `b` is written in hexadecimal.
enum class content : std::uint8_t {
  n,    ///< digits
  a,    ///< letters and spaces
  an,   ///< letters, digits and spaces
  ans,  ///< anything but control characters
  z,    ///< track 2 and 3: digits and separators, "=" or "D"
  xn,   ///< an amount with its sign in front: C or D and digits
  b,    ///< bytes
  any,  ///< any characters
};

/// Where a short value is filled up, and an odd number of digits.
enum class side : std::uint8_t { left, right };

struct encoding;

/// How one value lies in bytes. Small, and a copy stays good without its dialect.
struct value_form {
  const encoding* coded = nullptr;  ///< nullptr: the bytes are the value as a person writes it
  content what = content::any;
  char filler = '\0';  ///< fills up a short value, '\0': none does; of packed digits also the odd half byte
  side filled = side::left;
  bool trim = false;  ///< the filling is cut off on reading

  friend bool operator==(const value_form&, const value_form&) = default;
};

inline constexpr std::size_t all_good = std::string_view::npos;

/// A unit is a digit or a character; of content `b`, and of big-endian numbers, a byte.
struct encoding {
  std::string_view name;
  bool plain;  ///< the bytes are the characters
  /// Bytes that so many units take.
  std::size_t (*size)(std::size_t units, const value_form& form);
  /// Units that so many bytes hold, the odd half byte among them.
  std::size_t (*units)(std::size_t size, const value_form& form);
  /// The first byte that stands for no character of this content. `bytes` may be cut off.
  std::size_t (*first_bad)(std::string_view bytes, std::size_t units, const value_form& form);
  /// Appends the characters, filling included.
  void (*read)(std::string_view bytes, std::size_t units, const value_form& form, std::string& text);
  /// Appends the bytes. The text has no wrong characters and is filled up to so many units already.
  void (*write)(std::string_view text, std::size_t units, const value_form& form, std::string& bytes);
};

extern const encoding ascii_encoding;
extern const encoding bcd_encoding;
extern const encoding binary_encoding;
extern const encoding cp037_encoding;
extern const encoding cp500_encoding;
extern const encoding cp1047_encoding;
extern const encoding ebcdic_hex_encoding;
extern const encoding hex_encoding;

/// The first character of a value's text that its content does not have.
std::size_t first_wrong_character(std::string_view text, content what);

/// Whether all are '0' to '9', eight at a time.
inline bool all_digits(std::string_view text) {
  const auto are_digits = [](std::uint64_t word) {
    constexpr std::uint64_t each = 0x0101010101010101;
    return (((word + 0x46 * each) | (word - 0x30 * each) | word) & 0x80 * each) == 0;
  };
  const auto* at = text.data();
  const auto size = text.size();
  // What is left over of eights, or of fours, is read together with characters in front of it.
  if (size >= 8) {
    std::uint64_t word;
    for (std::size_t i = 0; i + 8 < size; i += 8) {
      std::memcpy(&word, at + i, 8);
      if (!are_digits(word))
        return false;
    }
    std::memcpy(&word, at + size - 8, 8);
    return are_digits(word);
  }
  if (size >= 4) {
    std::uint32_t front, back;
    std::memcpy(&front, at, 4);
    std::memcpy(&back, at + size - 4, 4);
    return are_digits(std::uint64_t{front} << 32 | back);
  }
  for (const char c : text)
    if (c < '0' || c > '9')
      return false;
  return true;
}

/// Whether a value of this content is digits to JSON and to people.
inline bool is_digits(content what) { return what == content::n; }

/// A value without the characters that fill it up.
std::string_view without_filling(std::string_view text, const value_form& form);

/// The same where the form has it so.
inline std::string_view trimmed(std::string_view text, const value_form& form) {
  return form.trim && !text.empty() ? without_filling(text, form) : text;
}

}  // namespace codec
