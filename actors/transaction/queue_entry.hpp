// A message in a terminal's queue, and what is known of it.
#pragma once

#include "actors/protocol/directory.hpp"
#include "actors/transaction/lifecycle.hpp"
#include "actors/transaction/refusal.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

/// Whether the journal must know of `m` before it is sent: it moves money, or takes money back.
bool is_money(const codec::message& m, const codec::dialect& d);

struct queue_entry {
  submit what;
  caf::typed_response_promise<answer> ends;
  bool money = false;  ///< in the journal
  in_hand hand = {};
  bool client_gone = false;
  lifecycle::state where = lifecycle::state::queued;
  message_ptr response = nullptr;
  refusal why = refusal::failed_unknown;  ///< where it is refused
  cause because = cause::failed;          ///< where it is reversed
  transaction_id joined = 0;              ///< of a client's reversal: whose reversal it waits for

  /// The host's response, and what it means; sets `why` and `because` for where it is no approval.
  lifecycle::event take_response(message_ptr r, const codec::dialect& d);

  /// Its end as a decision for the journal.
  decision closing() const;

  /// Of a client's reversal: the host's answer to our own reversal of the same, as the answer to this one.
  answer answer_like(const codec::message& other) const;
};

}  // namespace actors
