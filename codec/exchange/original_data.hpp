// The original data elements: what a reversal repeats of its original in a field of its own (field 90 of ISO
// 8583:1987, field 56 of 1993).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// A template with the values of `original`, as in "{mti}{stan}{32:11}": fields by alias, name or number, and
/// behind the colon the width to which zeros on the left fill up. A fixed field of digits that is absent is
/// zeros. All else stands for itself.
std::string fill_template(std::string_view text, const message& original, const dialect& d);

/// What is wrong with a template: a field that the dialect does not have, a brace without its other.
std::optional<std::string> template_fault(std::string_view text, const dialect& d);

}  // namespace codec
