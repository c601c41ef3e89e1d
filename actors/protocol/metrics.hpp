// What the gateway counts.
//
//   upstream -message_observed-> stats <-get, reset- stats_session, gateway
//   upstream, session -frame_dropped-> stats
#pragma once

#include <optional>
#include <string>

#include "actors/protocol/common.hpp"
#include "actors/protocol/transaction.hpp"
#include "net/link.hpp"

namespace actors {

/// Why a response matches no request in flight.
enum class unmatched : std::uint8_t { unknown, late, duplicate, contradicting };

/// A message has passed between the gateway and the host, in either direction.
struct message_observed {
  message_ptr message;
  std::optional<unmatched> why;  ///< of an unmatched response
  message_ptr request = {};      ///< of a response: the request that it answers
  std::string upstream = {};     ///< the host
  std::string link = {};         ///< to it; empty: the only one
};

/// A frame of the host or of a client was not used: its header says that the peer refuses the message, or it
/// cannot be read, which ends its connection.
struct frame_dropped {
  net::frame::kind why;
};

/// Counts messages, and replies with the sums as a line of JSON.
using stats_actor =
  caf::typed_actor<caf::reacts_to<message_observed>, caf::reacts_to<frame_dropped>,
                   caf::replies_to<caf::get_atom>::with<std::string>, caf::reacts_to<reset_atom>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::message_observed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::frame_dropped)
