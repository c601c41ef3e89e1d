// A field's columns in words, for tables and errors.
#pragma once

#include <string>
#include <string_view>

#include "codec/composite/composite.hpp"
#include "codec/dialect/dialect.hpp"

namespace inspect {

/// As in dialect files: "n", "x+n"; "open"; "left 0".
std::string_view name_of(codec::content what);
std::string_view name_of(codec::privacy shown);
std::string name_of_padding(const codec::value_form& form);

/// "12", or "..19, 2 ascii" with the number in front and what it counts.
std::string length_text(const codec::field_spec& spec);

}  // namespace inspect
