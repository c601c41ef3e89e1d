// Requests as a terminal would send them, made from the examples of a dialect.
#pragma once

#include <chrono>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// The example with the fields of `given` (STAN, TID, amount) in its templates, and with those fields
/// themselves where the dialect has them. Values that do not fit a field are left out.
message example_of(const example_message& e, const message& given, const dialect& d,
                   std::chrono::local_seconds now);

}  // namespace codec
