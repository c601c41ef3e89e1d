// What is counted.
//
//   upstream -message_observed-> stats <-get, reset- stats_session, gateway
#pragma once

#include <optional>
#include <string>

#include "actors/protocol/common.hpp"
#include "actors/protocol/transaction.hpp"

namespace actors {

/// Why no request in flight waits for a response.
enum class unmatched : std::uint8_t { unknown, late, duplicate, contradicting };

/// A message has passed between gateway and host, either way.
struct message_observed {
  message_ptr message;
  std::optional<unmatched> why;  ///< of a response that nobody gets
  message_ptr request = {};      ///< what a response answers
};

/// Counts messages, and tells the sums as a line of JSON.
using stats_actor =
  caf::typed_actor<caf::reacts_to<message_observed>, caf::replies_to<caf::get_atom>::with<std::string>,
                   caf::reacts_to<reset_atom>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::message_observed)
