// Requests that can be asked about later: by the id that their client was told, or by the same again under
// its key.
//
//   http_session, session -keyed_submit, lookup, lookup_by_key, confirm-> idempotency -submit-> dispatcher
//                         -delivery_failed------------------------------------^ ^
//   journal -approval_revoked, reversal_completed-------------------------------'
#pragma once

#include <optional>
#include <string>

#include "actors/protocol/submit.hpp"

namespace actors {

/// A submit that can be asked about later. Replied to with its end.
struct keyed_submit {
  std::string id;      ///< that its client is told
  std::string key;     ///< under which its client may ask again, in its space (http_key); empty: none
  std::string digest;  ///< of what was asked; one key stands for one
  submit what;
};

/// How a request stands. A client that repeats one is told the id of the first.
struct request_status {
  std::string id;        ///< empty: there is no such request
  message_ptr response;  ///< none while it is under way, or where it was refused
  std::optional<refusal> refused;
  transaction_id delivery_of = 0;  ///< as in `answer`
  bool reversed = false;           ///< refused, and undone at the host
  in_hand hand = {};               ///< as in `answer`
};

/// What became of the request with this id?
struct lookup {
  std::string id;
  bool unseen = false;  ///< who asks will not be shown the answer: that proves nothing, and gives no time
};

/// What came, or will come, of the request under this key?
struct lookup_by_key {
  std::string key, digest;
};

/// Its client says that it has its answer.
struct confirm {
  std::string id;
};

/// Its client is gone without having its answer, as far as we know; it may ask again for a while.
struct delivery_failed {
  std::string id;
};

/// The approval that this request's client was promised is being reversed.
struct approval_revoked {
  std::string id;
};

/// The host holds nothing for this request any more.
struct reversal_completed {
  std::string id;
};

/// Remembers requests, so that a repeated one gets the same answer and is sent once.
using idempotency_actor = caf::typed_actor<
  caf::replies_to<keyed_submit>::with<request_status>, caf::replies_to<lookup>::with<request_status>,
  caf::replies_to<lookup_by_key>::with<request_status>, caf::replies_to<confirm>::with<request_status>,
  caf::reacts_to<delivery_failed>, caf::reacts_to<approval_revoked>, caf::reacts_to<reversal_completed>,
  caf::reacts_to<tick_atom>, caf::reacts_to<directory>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::keyed_submit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::request_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::lookup)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::lookup_by_key)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::confirm)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::delivery_failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::approval_revoked)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::reversal_completed)
