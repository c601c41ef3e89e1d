// Clients that reverse what the gateway is already reversing: they get the response to the one reversal.
#pragma once

#include <caf/all.hpp>
#include <unordered_map>
#include <vector>

#include "actors/protocol/directory.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

/// The 0410 with the result of the reversal of `t`, which has ended.
answer end_of_reversal(const transaction& t, const codec::dialect& d);

class reversal_waiters {
public:
  void add(transaction_id id, caf::typed_response_promise<answer> promise);

  /// Replies to all that wait for the end of `t`.
  void deliver(const transaction& t, const codec::dialect& d);

private:
  std::unordered_map<transaction_id, std::vector<caf::typed_response_promise<answer>>> promises_;
};

}  // namespace actors
