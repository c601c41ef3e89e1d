// The part of a dialect file that says how messages are exchanged.
#pragma once

#include "codec/dialect/dialect.hpp"
#include "codec/dialect/file/place.hpp"

namespace codec::file {

/// Reads the rules of exchange into `d`, whose fields are read already. Throws bad_dialect.
void read_exchange(const place& whole, dialect& d);

}  // namespace codec::file
