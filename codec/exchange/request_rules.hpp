// The rules of a dialect about a client's requests: which fields and parts are there, and what their values
// are.
#pragma once

#include <vector>

#include "codec/composite/composite.hpp"
#include "codec/dialect/dialect.hpp"

namespace codec {

/// The rule that a value without other fault breaks in this field, if any.
std::optional<fault_code> broken_value_rule(std::string_view value, const field_spec& spec);

/// All rules that a request breaks, each with the path of the field or part.
std::vector<part_fault> broken_rules(const message& request, const dialect& d);

/// Whether text is like a pattern: * stands for any characters, ? for one, # for a digit, @ for a letter of
/// ASCII.
bool is_like(std::string_view text, std::string_view pattern);

}  // namespace codec
