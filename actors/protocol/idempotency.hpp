// Requests whose result can be asked for later: by the id that the gateway gave to the client, or by the same
// request under the same key.
//
//   http_session, session -keyed_submit, lookup, lookup_by_key, confirm-> idempotency -submit-> dispatcher
//                         -delivery_failed------------------------------------^ ^
//   journal -approval_revoked, reversal_completed, reversed_by_client-----------'
#pragma once

#include <optional>
#include <string>

#include "actors/protocol/submit.hpp"

namespace actors {

/// A submit whose result can be asked for later. Replied to when the request has ended.
struct keyed_submit {
  std::string id;      ///< given to the client
  std::string key;     ///< the client's key with its prefix (http_key); empty: none
  std::string digest;  ///< of the request; the same key with another digest is refused
  submit what;
};

/// The state of a request. A client that repeats a request gets the id of the first.
struct request_status {
  std::string id;        ///< empty: no such request
  message_ptr response;  ///< nullptr while it is under way, or if it was refused
  std::optional<refusal> refused;
  transaction_id delivery_of = 0;  ///< as in `answer`
  bool reversed = false;           ///< refused, and reversed at the host
  in_hand hand = {};               ///< as in `answer`
  refusal_detail detail = {};      ///< of `refused`
  /// Of an answer from an earlier process: whether it was an approval when it came, whatever its
  /// code means now. Else its dialect says that.
  std::optional<bool> was_approval = {};
};

/// What is the state of the request with this id?
struct lookup {
  std::string id;
  bool unseen =
    false;  ///< the client is not shown the answer: this proves no delivery and starts no time limit
};

/// What is the result of the request under this key? Replied to when it has ended.
struct lookup_by_key {
  std::string key, digest;
};

/// The client confirms that it has the response.
struct confirm {
  std::string id;
};

/// The response was probably not delivered. The client may ask again for a while.
struct delivery_failed {
  std::string id;
};

/// The approval that was sent for this request is being reversed.
struct approval_revoked {
  std::string id;
};

/// The reversal has ended: the host has no money for this request.
struct reversal_completed {
  std::string id;
};

/// The host has done a reversal that the client of this request has sent itself: the approval that the client
/// had stands no more.
struct reversed_by_client {
  std::string id;
};

/// Remembers requests, so that a repeated one is sent once and gets the same response.
using idempotency_actor = caf::typed_actor<
  caf::replies_to<keyed_submit>::with<request_status>, caf::replies_to<lookup>::with<request_status>,
  caf::replies_to<lookup_by_key>::with<request_status>, caf::replies_to<confirm>::with<request_status>,
  caf::reacts_to<delivery_failed>, caf::reacts_to<approval_revoked>, caf::reacts_to<reversal_completed>,
  caf::reacts_to<reversed_by_client>, caf::reacts_to<tick_atom>, caf::reacts_to<directory>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::keyed_submit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::request_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::lookup)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::lookup_by_key)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::confirm)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::delivery_failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::approval_revoked)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::reversal_completed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::reversed_by_client)
