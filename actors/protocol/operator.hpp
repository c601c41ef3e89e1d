// What an operator decides about an open case, and the reply.
//
//   operator_session -retry, resolve-> reversal_supervisor -the same-> reversal
//          |                                 | of what has no reversal under way
//          '-operator_decision-> journal <---'
#pragma once

#include <string>

#include "actors/protocol/common.hpp"
#include "actors/protocol/transaction.hpp"

namespace actors {

/// Send the next reversal of this transaction now.
struct retry {
  transaction_id id;
};

/// The operator `who` has ended this case by other means, because of `why`.
struct resolve {
  transaction_id id;
  std::string who, why;
};

/// A decision about a transaction whose reversal does not run. The journal decides in one step, because it
/// alone knows the transaction's state.
struct operator_decision {
  enum class kind : std::uint8_t { retry, reverse, resolve } what;
  transaction_id id;
  std::string who, why;
};

/// A sentence for the operator; `done`: whether the command was carried out.
struct operator_reply {
  bool done;
  std::string text;
};

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::retry)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::resolve)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::operator_decision)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::operator_reply)
