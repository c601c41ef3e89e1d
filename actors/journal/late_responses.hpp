// Responses that come after their request has ended, or before its first response is known.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "actors/journal/book.hpp"
#include "actors/protocol/directory.hpp"
#include "actors/transaction/lifecycle.hpp"

namespace actors {

class late_responses {
public:
  struct meaning {
    transaction_id id;  ///< of the transaction that it belongs to
    std::vector<lifecycle::action> actions;
  };

  /// What `unmatched` changes, by the lifecycle; nothing if it belongs to no transaction in `pages`, or says
  /// nothing new.
  std::optional<meaning> meaning_of(const unmatched_response& unmatched, const book& pages,
                                    const codec::dialect& d) const;

  /// The host has approved `id` before its first response is known here.
  void keep(transaction_id id, message_ptr approval);

  /// That approval, if the state of `t` now lets it count.
  std::optional<unmatched_response> release(const transaction& t, const codec::dialect& d);

private:
  std::unordered_map<transaction_id, message_ptr> early_approvals_;
};

}  // namespace actors
