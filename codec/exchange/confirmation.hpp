// Messages by which a client says that it has an approval.
//
// One names its transaction by terminal and STAN, and by amount, local time and RRN where it has them.
#pragma once

#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// Whether this request of a terminal says that it has the responses to those with earlier STANs.
bool confirms_earlier(const message& request, const dialect& d);

/// Whether a STAN comes before another one: they go round, and half of them are before each.
bool is_earlier_stan(std::string_view stan, std::string_view than);

/// Whether a confirmation can mean a transaction of its terminal and STAN: it contradicts nothing of the
/// request, but that its amount may be the `approved` one, and of the host's `reference` (field 37). Empty:
/// the host gave none.
bool may_confirm(const message& confirmation, const message& request, std::string_view approved,
                 std::string_view reference, const dialect& d);

/// The gateway's own answer to a confirmation.
message answer_to_confirmation(const message& confirmation, bool is_confirmed, const dialect& d);

}  // namespace codec
