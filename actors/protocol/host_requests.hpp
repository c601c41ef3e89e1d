// Requests of the host for a terminal, and the clients that take them.
//
//   upstream -host_request-> host_requests ==> link of a client
//       ^-------answer-----------' ^
//                                  '-subscribed, client_answered- session
#pragma once

#include <memory>
#include <string>

#include "actors/protocol/submit.hpp"
#include "actors/protocol/upstreams.hpp"
#include "net/link.hpp"

namespace actors {

/// Give this to the client of its terminal. Replied to with the client's response, or with an error: there is
/// no such client. Whoever asks has its own deadline.
struct host_request {
  message_ptr request;
  std::string upstream;
  time_point deadline;
};

/// A raw client has sent a message of this terminal, so it takes the host's requests for it from now on.
struct subscribed {
  std::string tid;
  std::weak_ptr<net::link> link;
  raw_port_ptr port;
};

/// A raw client has sent a response.
struct client_answered {
  message_ptr response;
  std::weak_ptr<net::link> link;
  raw_port_ptr port;
};

/// Knows which client takes the requests for which terminal, and hands them over.
using host_requests_actor =
  caf::typed_actor<caf::replies_to<host_request>::with<answer>, caf::reacts_to<subscribed>,
                   caf::reacts_to<client_answered>, caf::reacts_to<tick_atom>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::host_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::subscribed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::client_answered)
