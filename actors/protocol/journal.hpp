// What must be durable before an actor acts on it, and which transactions are open.
//
//   tid_queue, idempotency -commit, request_reversal-> journal -open_case-> reversal_supervisor
//   session -log_lazily, request_reversal----------------^ ^ '-terminal_blocked, terminal_free-> dispatcher
//   upstream -unmatched_response, request_without_money----'
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/protocol/operator.hpp"
#include "actors/protocol/submit.hpp"

namespace actors {

/// Write this durably, then reply. A refusal says that it was not written.
struct commit {
  decision what;
};

/// To be known before a transaction, or its reversal, is sent.
struct find_background {
  transaction_id id;
};
struct background {
  bool has_namesake = false;  ///< the host may still respond to another one with its TID and STAN
  bool host_agreed = false;   ///< of a client's own reversal: the host has approved what it means
  std::int64_t begun = 0;     ///< of the transaction; of a client's own reversal that of its original
  std::shared_ptr<const codec::known_original> means = nullptr;  ///< as in `submit`
};

struct committed {
  in_hand hand = {};          ///< of an intent: the receiver has the transaction in hand from now on
  transaction_id joined = 0;  ///< of a client's reversal: this one is being reversed already, send nothing
  message_ptr renumbered = nullptr;  ///< of an intent: what to send in its place, with a STAN or RRN of ours
  std::string upstream = {};         ///< of an intent: a client's reversal goes to that of its original
  background known = {};             ///< of an intent
};

/// Is the transaction that this client's reversal means already being reversed? If so, the reply names it in
/// `joined`.
struct join {
  message_ptr reversal;
};

/// Write this with the next batch. Losing it loses no money.
struct log_lazily {
  decision what;
};

/// Reverse this transaction at the host: the client or the host does not know its outcome. Replied to when
/// the decision is durable.
struct request_reversal {
  transaction_id id;
  cause because;
  message_ptr response = nullptr;  ///< the host's, if there was one
  std::string why = {};            ///< an operator's reason, in the operator's words
};

/// A response that matches no request in flight.
struct unmatched_response {
  message_ptr response;
  std::string upstream = {};  ///< the host that sent it
};

/// An inquiry of a client is to go to its host; the reply comes when that is durable. Until its response has
/// come, one that says no time may be meant for it, though it has a purchase's TID and STAN. `id`: of the
/// message.
struct request_without_money {
  transaction_id id;
  message_ptr request;
  std::string upstream;
};
struct request_is_answered {
  transaction_id id;
};

/// Is there a transaction with this key? `key` is its fingerprint.
struct find_by_key {
  std::string key;
};

/// The youngest transaction with the key, in memory or on the disk.
struct found_by_key {
  std::optional<transaction> what = {};
  bool is_operators = false;  ///< only an operator may have it reversed
};

/// Which approvals does a raw client say that it has by this message? `earlier`: by a request, those of its
/// terminal with earlier STANs.
struct find_confirmed {
  message_ptr by;
  bool earlier;
};

/// Their public ids; none where it is not certain which one is meant.
struct found_confirmed {
  std::vector<std::string> ids;
};

/// What is the result of this transaction's reversal? Replied to when the reversal has ended.
struct await_reversal {
  transaction_id id;
};

/// Which cases are open?
using cases_atom = caf::atom_constant<caf::atom("cases")>;

/// The open cases behind `after`, the oldest first, one page. All in one message would block the loop.
struct cases_after {
  transaction_id after;
};
inline constexpr std::size_t cases_page_max = 250;
struct cases_page {
  std::vector<transaction> cases;
  transaction_id next = 0;  ///< the `after` of the next page; 0: there is none
};

/// Writes decisions durably before another actor acts on them, and has all open transactions. Drained when
/// everything is written.
using journal_actor = drainable::extend<
  caf::replies_to<commit>::with<committed>, caf::replies_to<join>::with<committed>,
  caf::reacts_to<log_lazily>, caf::replies_to<request_reversal>::with<committed>,
  caf::reacts_to<unmatched_response>, caf::replies_to<request_without_money>::with<committed>,
  caf::reacts_to<request_is_answered>, caf::replies_to<find_by_key>::with<found_by_key>,
  caf::replies_to<find_background>::with<background>, caf::replies_to<find_confirmed>::with<found_confirmed>,
  caf::replies_to<await_reversal>::with<answer>, caf::replies_to<cases_atom>::with<std::vector<transaction>>,
  caf::replies_to<cases_after>::with<cases_page>, caf::replies_to<operator_decision>::with<operator_reply>,
  caf::reacts_to<tick_atom>, caf::reacts_to<directory>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::commit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::join)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::log_lazily)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::request_reversal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::unmatched_response)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::request_without_money)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::request_is_answered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::find_by_key)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::found_by_key)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::find_background)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::background)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::find_confirmed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::found_confirmed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::await_reversal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::cases_after)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::cases_page)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<actors::transaction>)
