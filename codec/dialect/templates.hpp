// What the rules of exchange are made of: codes of field 39, templates of values, and messages made of them.
#pragma once

#include <map>
#include <string>

#include "codec/dialect/few_texts.hpp"

namespace codec {

/// Codes of field 39, without leading zeros.
using codes = few_texts;

/// A value of each field, by its number. Values are templates (codec/exchange/template).
using templates = std::map<int, std::string>;

/// A request as a terminal would send it: for test clients, the emulated bank and documents.
struct example_message {
  std::string mti;
  templates fields;
};

}  // namespace codec
