// The key by which a response finds its request.
#pragma once

#include <string>
#include <vector>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// Equal for a request and its responses, unequal for any two messages that differ in class
/// (0200 and 0400, say) or in the value of a key field. Values are compared without the
/// filling at their left, so "00000042" and "42" are one TID. Both MTIs must be good.
std::string pairing_key(const message& m, const std::vector<int>& key_fields);

/// The terminal that a message is of: field 41 without its filling, so "42" and "00000042" are one.
std::string terminal_of(const message& m);

/// Whether `response` repeats what the dialect says it must: of two messages
/// with one key, amount, merchant and the rest tell which is meant.
bool echoes(const message& response, const message& request, const dialect& d);

}  // namespace codec
