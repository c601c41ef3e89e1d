// Matches late responses with transactions of the book; the lifecycle's table says what follows.

#include "actors/journal/late_responses.hpp"

#include <algorithm>
#include <utility>

#include "codec/exchange/local_time.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"

namespace actors {

using lifecycle::event;
using lifecycle::state;

namespace {

// A response that does not say its time may belong to several transactions. An approval is taken for that of
// one whose response is missing, for to reverse that one is due anyway. A decline ends a reversal, so it must
// be certain whose it is: also a message that moves no money, which the book does not have, may be declined.
const transaction* meant_by(const unmatched_response& unmatched, bool approved, const book& pages) {
  const auto all = pages.matches(*unmatched.response, unmatched.upstream);
  if (all.empty())
    return nullptr;
  if (!approved && (all.size() > 1 || !codec::says_time_of(*unmatched.response, *all.front()->request,
                                                           pages.dialect_of(*all.front()))))
    return nullptr;
  const auto open = std::ranges::find_if(
    all, [](const transaction* t) { return !t->response && !lifecycle::is_final(t->state); });
  return open == all.end() ? all.front() : *open;
}

}  // namespace

std::optional<late_responses::meaning> late_responses::meaning_of(const unmatched_response& unmatched,
                                                                  const book& pages,
                                                                  const codec::dialect& d) const {
  const auto& response = *unmatched.response;
  const bool approved = codec::reply_of(response, d) == codec::reply::approved;
  const auto* t = meant_by(unmatched, approved, pages);
  if (!t || !codec::moves_money(*t->request, d))
    return {};
  // The host may repeat its approval of a transaction that has been reversed; that is no new one.
  if (approved && lifecycle::is_final(t->state) && !t->reversed_reference.empty() &&
      t->reversed_reference == response[codec::fields::reference])
    return {};
  const auto* row = lifecycle::step(t->state, approved ? event::late_approval : event::late_decline);
  if (!row)
    return {};
  return meaning{t->id, {row->actions.begin(), row->actions.end()}};
}

void late_responses::keep(transaction_id id, message_ptr approval) {
  early_approvals_[id] = std::move(approval);
}

// The approval came before the host's first response was known here. If that response was a decline, or there
// is no transaction, the approval counts.
std::optional<unmatched_response> late_responses::release(const transaction& t, const codec::dialect& d) {
  const auto it = early_approvals_.find(t.id);
  const bool waits = t.state == state::intent ||
                     ((t.state == state::reversal_due || t.state == state::parked) && t.host_agreed);
  if (it == early_approvals_.end() || waits)
    return {};
  unmatched_response early{std::move(it->second), t.upstream};
  early_approvals_.erase(it);
  const bool was_reversed =
    t.state == state::reversed && !d.reversal.not_found.contains(codec::without_leading_zeros(t.code));
  if (t.state == state::delivering || was_reversed)
    return {};
  return early;
}

}  // namespace actors
