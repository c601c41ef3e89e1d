// Matches late responses with transactions of the book; the lifecycle's table says what follows.

#include "actors/journal/late_responses.hpp"

#include <utility>

#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"

namespace actors {

using lifecycle::event;
using lifecycle::state;

std::optional<late_responses::meaning> late_responses::meaning_of(const unmatched_response& u,
                                                                  const book& pages,
                                                                  const codec::dialect& d) const {
  const auto& response = *u.response;
  const auto* t = pages.match(response);
  if (!t || !codec::moves_money(*t->request, d))
    return {};
  const bool approved = codec::reply_of(response, d) == codec::reply::approved;
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
  unmatched_response early{std::move(it->second)};
  early_approvals_.erase(it);
  const bool was_reversed =
    t.state == state::reversed && !d.reversal.not_found.contains(codec::without_leading_zeros(t.code));
  if (t.state == state::delivering || was_reversed)
    return {};
  return early;
}

}  // namespace actors
