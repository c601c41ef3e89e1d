// Clients that reverse what the gateway is already reversing: they get the response to the one reversal.
#pragma once

#include <caf/all.hpp>
#include <unordered_map>
#include <vector>

#include "actors/journal/book.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

class reversal_waiters {
public:
  /// Replies with the 0410 of this transaction's reversal, at once if that has ended, else when it ends; with
  /// a refusal where there is none.
  caf::typed_response_promise<answer> reply(transaction_id id, const book& pages,
                                            caf::typed_response_promise<answer> promise);

  /// Replies to all that wait for the end of `t`.
  void deliver(const transaction& t, const codec::dialect& d);

private:
  std::unordered_map<transaction_id, std::vector<caf::typed_response_promise<answer>>> promises_;
};

}  // namespace actors
