// What one field looks like on the wire, and who may see it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "codec/result.hpp"

namespace codec {

enum class length_form : std::uint8_t {
  fixed,  ///< always `length_max`
  ascii,  ///< a prefix of 2 digits to 99, else 3
  bcd,    ///< a prefix of 1 byte of two digits to 99, else 2 bytes
};

enum class content_form : std::uint8_t {
  digits,  ///< ASCII digits
  text,    ///< one byte a character, any byte
  bytes,   ///< bytes; the value is their lower-case hexadecimal
  number,  ///< a big-endian unsigned number; the value is its decimal digits
};

/// What a value shorter than a fixed field is filled up with, on its left.
enum class padding : char { none = '\0', zero = '0', space = ' ' };

/// Every field's answer to "may this be shown"; masking.hpp acts on it.
enum class privacy : std::uint8_t {
  open,    ///< may be shown
  pan,     ///< a card number: first six and last four may be shown
  track,   ///< track data: its card number as above, nothing else
  emv,     ///< TLV data: shown tag by tag, card data withheld
  free,    ///< free text: shown, but long runs of digits are taken for card numbers
  secret,  ///< never shown
};

/// The name of a field's form in dialect files and in `overrides`, and what it stands for.
struct field_type {
  std::string_view name;
  length_form length;
  content_form content;
  padding pad;
};

/// nullptr where there is no such type. The bitmap's types are not among these.
const field_type* find_field_type(std::string_view name);

struct field_spec {
  int number = 0;
  const field_type* type = nullptr;
  std::size_t length_max = 0;  ///< digits, characters or bytes, as `type` counts
  privacy shown = privacy::secret;
  bool padded = false;  ///< keeps its leading zeros in JSON, as text of full width
  std::string name;     ///< for people: "Primary Account Number"
  std::string alias;    ///< for programs: "pan"; may be empty

  /// Digits or bytes in front of a variable field.
  std::size_t prefix_size() const {
    if (type->length == length_form::fixed)
      return 0;
    const bool short_form = length_max <= 99;
    return type->length == length_form::ascii ? (short_form ? 2 : 3) : (short_form ? 1 : 2);
  }

  bool is_fixed() const { return type->length == length_form::fixed; }
};

/// Whether `value` says nothing: it has no characters, or only white space. Filled up it would be zeros,
/// which say something.
bool is_blank(std::string_view value);

/// The rule that `value` breaks in this field, if any: a wrong character, or too long.
std::optional<fault_code> value_fault(std::string_view value, const field_spec& spec);

/// A value without fault, filled up on its left to the width of its field.
std::string canonical(std::string_view value, const field_spec& spec);

}  // namespace codec
