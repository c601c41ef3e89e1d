// Open cases: each is reversed until the host confirms it.
//
//   journal -open_case, late_response-> reversal_supervisor -late_response, attempt_granted-> reversal
//                                              ^------- attempt_requested, attempt_finished ----'
#pragma once

#include <vector>

#include "actors/protocol/operator.hpp"
#include "actors/protocol/submit.hpp"

namespace actors {

/// Reverse this transaction; that its reversal is due is durable.
struct open_case {
  transaction what;
};

/// A late response of the host to a transaction that is being reversed. The journal records an approval as
/// `approved_late`.
struct late_response {
  transaction_id id;
  message_ptr response;
};

/// The next attempt is due: may it be sent?
struct attempt_requested {
  transaction_id id;
};

/// It may be sent.
using attempt_granted = caf::atom_constant<caf::atom("attempt")>;

/// The attempt was answered, has timed out or was not sent, so the next case may be granted one.
struct attempt_finished {
  transaction_id id;
};

/// Brings every open case to its end: spawns a reversal for each and grants their attempts. Drained when no
/// case can be ended now.
using reversal_supervisor_actor =
  drainable::extend<caf::reacts_to<open_case>, caf::reacts_to<late_response>, caf::reacts_to<link_status>,
                    caf::reacts_to<attempt_requested>, caf::reacts_to<attempt_finished>,
                    caf::replies_to<retry>::with<operator_reply>,
                    caf::replies_to<resolve>::with<operator_reply>,
                    caf::replies_to<children_atom>::with<std::vector<caf::actor>>, caf::reacts_to<tick_atom>,
                    caf::reacts_to<directory>>;

/// Repeats the reversal of one open case until the host confirms it.
using reversal_actor = caf::typed_actor<caf::reacts_to<attempt_granted>, caf::reacts_to<late_response>,
                                        caf::replies_to<retry>::with<operator_reply>,
                                        caf::replies_to<resolve>::with<operator_reply>,
                                        caf::reacts_to<tick_atom, std::uint64_t>, caf::reacts_to<directory>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::open_case)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::late_response)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::attempt_requested)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::attempt_finished)
