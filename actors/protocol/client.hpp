// A connection: the events of its link, and the actor that serves it.
//
//   listener -accepted-> acceptor -spawns-> session <-received, finished, link_down- link
#pragma once

#include <string>
#include <vector>

#include "actors/protocol/common.hpp"
#include "net/link.hpp"

namespace actors {

/// The host has accepted the connection that was dialed.
struct link_up {
  net::link_ptr link;
};

/// Bytes have come: frames, or segments where the link has no framing.
struct received {
  std::vector<net::frame> frames;
};

/// The connection is closed: nothing more will come, and nothing can be sent.
struct link_down {
  std::string why;
};

/// The peer sends no more; it may still read.
using finished_atom = caf::atom_constant<caf::atom("finished")>;

/// A listener has accepted a connection, which is not open yet.
struct accepted {
  net::link_ptr link;
};

/// Serves one accepted connection: the session of a client, of the emulated bank or of an operator.
using session_actor =
  caf::typed_actor<caf::reacts_to<received>, caf::reacts_to<finished_atom>, caf::reacts_to<link_down>,
                   caf::reacts_to<tick_atom>, caf::reacts_to<drain_atom>, caf::reacts_to<directory>>;

/// Spawns a session for each connection of one listener. Drained when the last session has stopped.
using acceptor_actor =
  drainable::extend<caf::reacts_to<accepted>, caf::reacts_to<tick_atom>, caf::reacts_to<directory>,
                    caf::replies_to<children_atom>::with<std::vector<caf::actor>>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::link_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::received)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::link_down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::accepted)
