// What a value of a field must be beyond its content and length. Rules of a dialect file (a row's
// `onlyValues`, `pattern`, `check`, `date`).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <regex>

namespace codec {

/// A piece of the twelve digits YYMMDDhhmmss.
struct time_digits {
  std::size_t from, size;
};

struct value_rules {
  bool only_values = false;                   ///< one of the row's `values`
  bool luhn = false;                          ///< its last digit is its check digit (ISO/IEC 7812-1, annex B)
  std::optional<time_digits> date;            ///< digits of a date or a time that there is
  std::shared_ptr<const std::regex> pattern;  ///< the whole value matches it

  bool any() const { return only_values || luhn || date || pattern; }
};

}  // namespace codec
