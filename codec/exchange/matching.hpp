// The key by which a response finds its request.
#pragma once

#include <string>
#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// Equal for a request and its responses, unequal for any two messages that differ in class
/// (0200 and 0400, say) or in the value of a pairing field. Values are compared without the
/// filling at their left, so "00000042" and "42" are one TID. Both MTIs must be good.
std::string pairing_key(const message& m, const dialect& d);

/// Whether the messages of two keys may be a request and its response although one of them lacks pairing
/// fields of the other: the fields that both have are equal, and there is at least one.
bool may_pair(std::string_view key, std::string_view other);

/// Whether a message lacks pairing fields.
bool is_partial(std::string_view key);

/// The terminal that a message is of: field 41 without its filling, so "42" and "00000042" are one.
std::string terminal_of(const message& m);

/// Of what a reversal takes back: the amounts (field 4, digits) that the host was asked for, and that it has
/// approved, empty where nobody has heard that. Both are empty where it is not known what is taken back.
struct amounts_of_original {
  std::string_view asked = {}, approved = {};
};

/// Whether `response` repeats what the dialect says it must: of two messages
/// with one key, amount, merchant and the rest tell which is meant. Field 3, where it is there, says of both
/// or of none that the amount of its response is another thing. The response to a reversal that names one
/// amount of its original may name the other one, for some hosts undo what they have approved, whatever the
/// reversal says; where the approved one is not known, and a host may approve less, any smaller one.
bool echoes(const message& response, const message& request, const dialect& d,
            const amounts_of_original& of = {});

}  // namespace codec
