// Message -> bytes.
#pragma once

#include <string>

#include "codec/dialect.hpp"

namespace codec {

/// Short values of fixed fields are filled up; what does not fit is a fault, never cut.
result<std::string> pack(const message& m, const dialect& d);

} // namespace codec
