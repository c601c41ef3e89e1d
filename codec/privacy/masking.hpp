// What people may see of a message's values. Logs, tables and errors take text from here.
//
// What a field's `privacy` withholds, no log, table or error ever contains;
// `exposure::everything` is the operator's own `--dangerous` and nobody else's.
#pragma once

#include <string>
#include <string_view>

#include "codec/composite/tlv.hpp"
#include "codec/dialect/dialect.hpp"

namespace codec {

enum class exposure : bool { masked, everything };

/// "485078******7891": first six and last four of 13 digits and more, nothing of fewer.
std::string masked_pan(std::string_view pan);

/// A field's value as people may see it, control characters replaced.
std::string shown(std::string_view value, const field_spec& spec, exposure e = exposure::masked);

/// Free text with everything masked that could be a card number: 13 digits and more, also in groups, whatever
/// character stands between them; and the digits behind a word such as CVV2 or PIN.
std::string masked_text(std::string_view text);

/// The value of one EMV tag as hexadecimal, card data as stars; nothing where a constructed one is not
/// well-formed.
std::optional<std::string> masked_emv_value(const tlv& item);

/// One line that tells a message from the others: "0200 TID 00000042 STAN 000001".
std::string label(const message& m);

}  // namespace codec
