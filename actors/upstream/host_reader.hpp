// Reads what the host sends.
#pragma once

#include <string_view>
#include <vector>

#include "actors/core/environment.hpp"
#include "actors/protocol/upstreams.hpp"
#include "actors/transaction/refusal.hpp"
#include "actors/upstream/in_flight.hpp"
#include "codec/message.hpp"
#include "codec/result.hpp"
#include "net/link.hpp"

namespace actors {

/// The messages of a frame, mostly one: no client may get the response of another behind its own. One that
/// cannot be read completely is among them if its key fields and its response code can be read, unless the
/// settings say otherwise; of others the log says why. That a link cannot be read any further is reported by
/// `link_down`.
std::vector<message_ptr> messages_in(const net::frame& frame, const upstream& host, const environment& env,
                                     time_point now);

/// Whether the host rejects a request by this message of a frame: its header says so, or its MTI.
bool rejects(const net::frame& frame, const codec::message& m, const codec::dialect& d);

/// Logs that, and of which request it is; nullptr: of none.
void log_reject(const codec::message& m, const in_flight::entry* of);

/// The refusal for a request that the host has rejected by `m`: `rejected`, never processed, only where the
/// dialect says so of rejects. Not where `m` is a response, which shows that the request was processed, and
/// not for a reversal, which is sent again until the host has responded to it.
refusal end_of_rejected(const codec::message& request, const codec::message& m, const codec::dialect& d);

}  // namespace actors
