// What a value of a field must be beyond its content and length. Rules of a dialect file (a row's
// `onlyValues`, `pattern`, `check`, `date`).
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace codec {

/// A piece of the twelve digits YYMMDDhhmmss.
struct time_digits {
  std::size_t from, size;
};

struct value_rules {
  bool only_values = false;         ///< one of the row's `values`
  bool luhn = false;                ///< its last digit is its check digit (ISO/IEC 7812-1, annex B)
  std::optional<time_digits> date;  ///< digits of a date or a time that there is
  std::string pattern;              ///< the whole value is like it (`is_like`); empty: anything

  bool any() const { return only_values || luhn || date || !pattern.empty(); }
};

}  // namespace codec
