// The message that a command line asks for.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <variant>

#include "codec/dialect/dialect.hpp"

namespace sender {

/// `kind`: purchase, echo, reversal, or an MTI. `fields`: each "name=value", by alias, name, number or path;
/// one without a value is left out. A purchase and an echo are the dialect's examples with these fields, a
/// reversal is what the gateway would make of such a purchase, and an MTI gets these fields alone. `stan`:
/// its STAN where none is given. The second alternative is a sentence for the user, without values.
std::variant<codec::message, std::string> make_request(const std::string& kind,
                                                       std::span<const std::string> fields,
                                                       const codec::dialect& d,
                                                       std::chrono::local_seconds now,
                                                       const std::string& stan);

}  // namespace sender
