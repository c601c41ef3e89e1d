// Holds the promises of clients that wait for a reversal of the gateway.

#include "actors/journal/reversal_waiters.hpp"

#include <utility>

#include "codec/fields.hpp"
#include "codec/pack.hpp"

namespace actors {

namespace {

// The 0410 with the result of the reversal of `t`, which has ended.
answer end_of_reversal(const transaction& t, const codec::dialect& d) {
  auto m = codec::message(d.response_mti(t.request->mti()));
  codec::set_code(m, t.code.empty() ? d.answers.approved : t.code, d);
  for (const auto& [number, value] : t.reference_fields)
    m.set(number, value);
  return {std::make_shared<const codec::message>(std::move(m))};
}

}  // namespace

caf::typed_response_promise<answer> reversal_waiters::reply(transaction_id id, const book& pages,
                                                            caf::typed_response_promise<answer> promise) {
  const auto* t = pages.find(id);
  if (!t || t->state == lifecycle::state::approved)
    promise.deliver(caf::make_error(refusal::failed_unknown));
  else if (lifecycle::is_final(t->state))
    promise.deliver(end_of_reversal(*t, pages.dialect_of(*t)));
  else
    promises_[id].push_back(promise);
  return promise;
}

void reversal_waiters::deliver(const transaction& t, const codec::dialect& d) {
  auto found = promises_.extract(t.id);
  if (found.empty())
    return;
  for (auto& promise : found.mapped())
    promise.deliver(end_of_reversal(t, d));
}

}  // namespace actors
