// A message with another STAN (field 11) than the one that it came with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// Six digits.
std::string stan_text(std::uint64_t stan);

/// Whether a message of this dialect can have a STAN of six digits.
bool has_own_stan(const dialect& d);

/// `m` with another value in field 11. Of a message that goes on as it came only these bytes change; where
/// they cannot, `m` itself.
message with_stan(const message& m, std::string_view stan);

/// The STAN by which a client's reversal names its original: of the original data elements, where it has any
/// and the dialect says what they are (`reversal.set`); else its own.
std::string_view named_stan(const message& reversal, const dialect& d);

/// What the original data elements of a client's reversal say of a field of its original; empty where they do
/// not say it, or by zeros.
std::string_view named_value(const message& reversal, int number, const dialect& d);

/// A client's reversal that names another original. Its own STAN is `original`, too, where it was the one
/// that it named, else `own`.
message naming_original(const message& reversal, std::string_view original, std::string_view own,
                        const dialect& d);

}  // namespace codec
