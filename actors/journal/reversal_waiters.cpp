// Holds the promises of clients that wait for a reversal of the gateway.

#include "actors/journal/reversal_waiters.hpp"

#include <utility>

#include "codec/fields.hpp"
#include "codec/pack.hpp"

namespace actors {

answer end_of_reversal(const transaction& t, const codec::dialect& d) {
  auto m = codec::message(d.response_mti(t.request->mti()));
  codec::set_code(m, t.code.empty() ? d.answers.approved : t.code, d);
  for (const auto& [number, value] : t.reference_fields)
    m.set(number, value);
  return {std::make_shared<const codec::message>(std::move(m))};
}

void reversal_waiters::add(transaction_id id, caf::typed_response_promise<answer> promise) {
  promises_[id].push_back(std::move(promise));
}

void reversal_waiters::deliver(const transaction& t, const codec::dialect& d) {
  auto found = promises_.extract(t.id);
  if (found.empty())
    return;
  for (auto& promise : found.mapped())
    promise.deliver(end_of_reversal(t, d));
}

}  // namespace actors
