// What the host and the gateway ask each other.
#pragma once

#include <chrono>
#include <optional>
#include <random>
#include <string>

#include "actors/core/message_log.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

/// A request of the gateway's own, such as the echo of which the dialect has an example.
codec::message request_to_host(const codec::example_message& what, std::uint64_t stan,
                               const codec::dialect& d, std::chrono::local_seconds now);

/// The answer to a request of network management (class 8) that is approved or declined.
codec::message answer_to_host(const codec::message& request, codec::network_answer how,
                              const codec::dialect& d, std::chrono::local_seconds now,
                              std::mt19937_64& random_source);

/// Logs what such a request is for, where it is no echo, and what follows.
void log_host_request(const codec::message& request, codec::network_kind kind, codec::network_answer how,
                      const codec::dialect& d);

/// Logs which requests of the host are not answered at all.
void log_unanswered(const codec::message& request);

/// The bytes of a message on a link whose frames hold so many. Logs why there are none.
codec::result<std::string, refusal_detail> bytes_to_host(const about& what, const codec::dialect& d,
                                                         std::size_t content_max);

}  // namespace actors
