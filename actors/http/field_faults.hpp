// What is wrong with a field of a client's JSON, in a sentence for who writes the program.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

#include "codec/text/named_json.hpp"

namespace actors {

/// `amount must be text, at most 12 digits, such as "1000"; it is a number`. It names the field, what is
/// wanted and what came, without a value of `body`, and the nearest name of an unknown one.
std::string detail_of(const codec::named_fault& f, const nlohmann::json& body, const codec::dialect& d);

}  // namespace actors
