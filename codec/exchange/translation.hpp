// A message of one dialect as another one has it: the clients' dialect, and that of a link to the host.
//
// Values are the same in all dialects, so most fields go over as they are. What differs is the edition in the
// MTI, how the local time is told, how a reversal names its original, and which codes of field 39 mean what.
#pragma once

#include <chrono>

#include "codec/dialect/dialect.hpp"
#include "codec/exchange/reversal.hpp"

namespace codec {

/// A client's request for a host of another dialect; `set`: values that this host gets in each request. A
/// fault where the dialect has no place for a field, or cannot undo such a request: nothing is left out.
result<message> translated_request(const message& request, const dialect& from, const dialect& to,
                                   const templates& set, std::chrono::local_seconds now);

/// The same of a client's own reversal of a known transaction: it names that by its STAN and times, whatever
/// the reversal's own are. Where its amount alone says that it takes back a part, and the dialects do not
/// name an original in the same way, it is refused: the host could take back all.
result<message> translated_reversal(const message& reversal, const known_original& of, const dialect& from,
                                    const dialect& to, const templates& set, std::chrono::local_seconds now);

/// A request that is to be undone over a link of another dialect. What that has no place for is left out, for
/// a reversal that is not sent is money lost.
message translated_original(const message& request, const dialect& from, const dialect& to,
                            const templates& set, std::chrono::local_seconds now);

/// The host's response for a client of another dialect. Its code is one with the same meaning for the money;
/// where there is none, it has no code, so that the outcome counts as undetermined. `request`: the client's,
/// where it is known; its terminal, STAN and time are those of the response. What the dialect has no place
/// for is left out.
message translated_response(const message& response, const message* request, const dialect& from,
                            const dialect& to, std::chrono::local_seconds now);

}  // namespace codec
