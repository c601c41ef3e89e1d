// The part of a dialect file that says how messages are exchanged.
#pragma once

#include "codec/dialect/dialect.hpp"
#include "codec/dialect/file/place.hpp"

namespace codec::file {

enum class fields_are : std::uint8_t { all_known, broken };

/// Reads the rules of exchange into `d`, whose fields are read already. With broken rows among them a rule
/// may name a field that is not there, and what depends on fields is not looked at. Faults go where `whole`
/// keeps them.
void read_exchange(const place& whole, dialect& d, fields_are rows);

}  // namespace codec::file
