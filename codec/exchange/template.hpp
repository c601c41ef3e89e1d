// Texts with fields in them, as in "{mti}{stan}{32:11}": what a dialect sets in reversals (the original data
// elements, field 90 of ISO 8583:1987 and field 56 of 1993, are such) and in its examples.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// A template with the values of `given`. In braces stand
/// - a field by alias, name or number. Behind a colon, its width, to which zeros on the left fill up, or `ll`
///   or `lll`: its length in two or three digits stands in front. A fixed field of digits that is absent is
///   zeros.
/// - `now:` and a form such as MMDDhhmmss: the present local time.
/// All else stands for itself.
std::string fill_template(std::string_view text, const message& given, const dialect& d,
                          std::chrono::local_seconds now);

/// What is wrong with a template: a field that the dialect does not have, a brace without its other.
std::optional<std::string> template_fault(std::string_view text, const dialect& d);

/// The most characters that it can have.
std::size_t template_size_max(std::string_view text, const dialect& d);

/// Whether a template repeats the STAN of the message that fills it: original data elements do.
bool repeats_stan(std::string_view text, const dialect& d);

struct text_place {
  std::size_t at;
  std::size_t size;  ///< characters

  friend bool operator==(const text_place&, const text_place&) = default;
};

/// Where a field of always the same size stands in the filled template; nothing where it does not, or where
/// that depends on other values.
std::optional<text_place> place_of(int number, std::string_view text, const dialect& d);

}  // namespace codec
