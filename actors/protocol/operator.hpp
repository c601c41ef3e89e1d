// What an operator decides about an open case, and what he is told.
//
//   operator_session -retry, resolve-> reversal_supervisor -the same-> reversal
//          |                                 | of what has no reversal under way
//          '-operator_decision-> journal <---'
#pragma once

#include <string>

#include "actors/protocol/common.hpp"
#include "actors/protocol/transaction.hpp"

namespace actors {

/// Try to reverse this now.
struct retry {
  transaction_id id;
};

/// It is ended otherwise, by `who` and because of `why`.
struct resolve {
  transaction_id id;
  std::string who, why;
};

/// The same, and `reverse`, about a transaction that has no reversal under way. The journal decides in one
/// step: it alone knows how the transaction stands.
struct operator_decision {
  enum class kind : std::uint8_t { retry, reverse, resolve } what;
  transaction_id id;
  std::string who, why;
};

/// A sentence for the operator; `done` says whether it was done.
struct operator_reply {
  bool done;
  std::string text;
};

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::retry)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::resolve)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::operator_decision)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::operator_reply)
