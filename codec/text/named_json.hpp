// Message <-> JSON in the form of /v1: fields by alias, name or number, values always text.
#pragma once

#include <nlohmann/json.hpp>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// Why JSON is no message, for the program that sent it.
struct named_fault {
  fault_code code;
  std::string path;  ///< the key as it was given: "amount", "icc.9F26"; empty for the whole
};

struct named_message {
  message value;                    ///< the fields without fault
  std::vector<named_fault> faults;  ///< all at once, whole fields first; empty: a message
};

/// Never empty where `object` is no object.
named_message read_named_json(const nlohmann::json& object, const dialect& d);

/// The same, a message only where there is no fault. EMV data (privacy `emv`) may be hexadecimal text or an
/// object of tags, {"9F26": "..."}, and a field of parts text or an object of them; everything else must be
/// text. A part may also be called by its path, {"48.IN": "..."}. Field 1 is not among the fields.
result<message, std::vector<named_fault>> from_named_json(const nlohmann::json& object, const dialect& d);

/// Fields and parts by alias where there is one, else by number and name; card data masked, EMV data as an
/// object of tags where it is well-formed.
nlohmann::ordered_json to_named_json(const message& m, const dialect& d);

/// What this interface calls a field.
std::string name_of(const field_spec& spec);

}  // namespace codec
