// What a client's own reversal means for the transaction that it takes back. No actor.
//
// Until its client is known to have the approval, the gateway reverses a transaction itself where its client
// asks for that. So this is about those that had ended.

#include "actors/journal/own_reversals.hpp"

#include "actors/core/message_log.hpp"
#include "codec/privacy/masking.hpp"
#include "config/log.hpp"

namespace actors {

using lifecycle::state;

std::optional<decision> approval_known_by(const codec::message& reversal, const book& pages) {
  const auto* t = pages.meant_by(reversal);
  if (!t || (t->state != state::delivering && t->state != state::unconfirmed) ||
      !pages.takes_back_a_part(reversal, *t))
    return {};
  return decision{decision::kind::delivered, t->id};
}

void log_joined(const codec::message& reversal, const transaction& original) {
  config::log::info(subject_of(original), "{}: its transaction is being reversed (case {})",
                    codec::label(reversal), original.id);
}

std::optional<decision> end_of_original(const transaction& r, const decision& end, const book& pages) {
  if (end.outcome != state::reversed || !pages.has_approved(r.original) || !pages.is_taken_back(r.original))
    return {};
  decision d{decision::kind::closed, r.original};
  d.outcome = state::reversed;
  d.because = cause::client_reversal;
  config::log::info(subject_of(*pages.find(r.original)), "{} is reversed by its client's own {}",
                    codec::label(*pages.find(r.original)->request), codec::label(*r.request));
  return d;
}

}  // namespace actors
