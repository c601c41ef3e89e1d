// What of a dialect's file counts when two files are compared.
#pragma once

#include <string>
#include <string_view>

namespace codec {

/// What of a dialect's file, or of one with some keys of it (`exchangeConfig`), says how messages are
/// written, what they mean and what is done with them: two texts that say the same have one essence. Without
/// what is for people alone: `$schema`, `note`, names, the meanings of codes; and without `examples`. A text
/// that is no JSON is its own.
std::string essence_of_dialect(std::string_view json_text);

/// Its `examples`, in the same way; empty where it has none.
std::string examples_of_dialect(std::string_view json_text);

}  // namespace codec
