// What a field's value must be, in words, and what is wrong with one, without showing it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// "at most 19 digits"
std::string expected(const field_spec& spec);

/// Of a value with this fault: "it has 21", "its character 3 is none of them".
std::string what_is_wrong(std::string_view text, const field_spec& spec, fault_code code);

/// By alias and name, for the nearest of them. They point into `d`.
std::vector<std::string_view> names_of_fields(const dialect& d);

}  // namespace codec
