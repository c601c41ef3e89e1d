// A message as a table for people, the way the log shows it.
#pragma once

#include <string>

#include "codec/dialect/dialect.hpp"
#include "codec/privacy/masking.hpp"

namespace codec {

/// What the trade calls it: "Purchase Request", "Refund Response", "Echo Response", "Message 0630".
std::string title(const message& m);

/// A field's value without its filling, as JSON and tables have it: "1000" of "000000001000",
/// but "00000042" of a field that is `padded`.
std::string presented(std::string_view value, const field_spec& spec);

/// The title and a line a field: name, number, dots to column 50, masked value, meaning. Behind the title
/// `<faulty>` where field 39 is not zero, `<expired>` where the caller found it so.
std::string message_table(const message& m, const dialect& d, exposure e = exposure::masked,
                          bool expired = false);

}  // namespace codec
