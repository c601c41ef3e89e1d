// Message <-> JSON in the old program's form: an object whose keys are field numbers.
#pragma once

#include <nlohmann/json.hpp>

#include "codec/dialect/dialect.hpp"

namespace codec {

struct json_message {
  message value;              ///< the fields without fault
  std::vector<fault> faults;  ///< in the order of the keys; empty: a message
  std::vector<int> cut =
    {};  ///< fields whose value had an odd number of hexadecimal digits; the last is dropped
};

/// Values may be text or whole numbers; short ones are filled up, but not empty ones. Field 1 is ignored: it
/// follows from the others.
json_message from_json(const nlohmann::json& object, const dialect& d);

/// Fixed digits as numbers, but `padded` ones, and those too long for a JSON number to
/// keep exactly (more than 15 digits), as text; everything else as text.
nlohmann::ordered_json to_json(const message& m, const dialect& d);

}  // namespace codec
