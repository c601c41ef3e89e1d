// A message on its way to the host, and what comes back.
//
//   session, idempotency, reversal -submit-> dispatcher -submit-> tid_queue -submit-> upstream <-> host
//          ^                                                        |                   |
//          '------------- answer, or a refusal ---------------------'<---- the same ----'
#pragma once

#include <optional>
#include <string>

#include "actors/protocol/client.hpp"
#include "actors/protocol/common.hpp"
#include "actors/protocol/transaction.hpp"
#include "actors/transaction/refusal.hpp"

namespace actors {

/// Why a transaction is reversed that ended in this refusal, which says that its outcome is unknown; and the
/// other way round.
cause cause_of(refusal why);
refusal refusal_of(cause why);

/// Take this to the host before `deadline`. Replied to by exactly one `answer` or one `refusal`, whichever
/// actor stops on the way.
struct submit {
  message_ptr request;
  time_point deadline;    ///< where nothing was sent until then, nothing is
  transaction_id id = 0;  ///< of a client's message; no other has it in this journal
  client_options options = {};
  std::optional<caf::timespan> host_timeout = {};  ///< from the moment it is sent; none: until `deadline`
  transaction_id reverses = 0;  ///< of our own reversal: whose. It goes in front of all that waits
};

/// What the host said.
struct answer {
  message_ptr response;
  transaction_id delivery_of =
    0;                ///< of an approval: the receiver reports its delivery, or requests its reversal
  in_hand hand = {};  ///< with `delivery_of`: where it is revoked the approval is not shown any more
};

/// The client of this submit is gone. What was not sent yet is not sent.
struct withdraw {
  std::string tid;
  transaction_id id;
};

/// A transaction of this terminal is being reversed, so no other money of it moves. The book decides it
/// (book::terminal_blocked).
struct terminal_blocked {
  std::string tid;
};

/// Other money of this terminal may move again.
struct terminal_free {
  std::string tid;
};

/// The link to the host is up, or down.
struct link_status {
  bool up;
};

/// A terminal's queue has had nothing to do; it knows of `accepted` submits. The dispatcher stops it if that
/// is all.
struct idle {
  std::string tid;
  std::uint64_t accepted;
};

/// Takes messages to the host.
using submitter = caf::typed_actor<caf::replies_to<submit>::with<answer>, caf::reacts_to<withdraw>>;

/// The link to the host: sends, matches responses to requests, keeps the host's deadlines.
using upstream_actor =
  submitter::extend<caf::reacts_to<received>, caf::reacts_to<link_up>, caf::reacts_to<link_down>,
                    caf::reacts_to<finished_atom>, caf::reacts_to<tick_atom>, caf::reacts_to<directory>>;

/// Lets one transaction of a terminal through at a time.
using tid_queue_actor =
  submitter::extend<caf::reacts_to<terminal_blocked>, caf::reacts_to<terminal_free>,
                    caf::reacts_to<link_status>, caf::reacts_to<tick_atom>, caf::reacts_to<directory>>;

/// Knows the queue of each terminal.
using dispatcher_actor =
  submitter::extend<caf::reacts_to<terminal_blocked>, caf::reacts_to<terminal_free>,
                    caf::reacts_to<link_status>, caf::reacts_to<idle>, caf::reacts_to<directory>,
                    caf::replies_to<children_atom>::with<std::vector<caf::actor>>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::submit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::withdraw)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::terminal_blocked)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::terminal_free)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::link_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::idle)
