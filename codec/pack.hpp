// Message -> bytes.
#pragma once

#include <string>
#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// Sets a field in its full width where the dialect has it and it can hold the value; else leaves it out.
void set_known(message& m, int number, std::string_view value, const dialect& d);

/// Sets the response code, in as many digits as its field has: an override may give it another width.
void set_code(message& m, std::string_view code, const dialect& d);

/// Short values of fixed fields are filled up; what does not fit is a fault, never cut.
result<std::string> pack(const message& m, const dialect& d);

}  // namespace codec
