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
      !takes_back_a_part(reversal, *t, pages.dialect_of(*t)))
    return {};
  return decision{decision::kind::delivered, t->id};
}

std::optional<decision> attempt_with_original(const decision& d, const book& pages) {
  if (d.what != decision::kind::attempt || d.attempt_is != decision::attempt_state::sent)
    return {};
  const auto* reversal = pages.find(d.id);
  const auto* original = reversal ? pages.meant_by(*reversal) : nullptr;
  if (!original)
    return {};
  auto attempt = d;
  attempt.original = original->id;
  return attempt;
}

void log_joined(const codec::message& reversal, const transaction& original) {
  config::log::info(subject_of(original), "{}: its transaction is being reversed (case {})",
                    codec::label(reversal), original.id);
}

std::optional<decision> end_by_client(transaction_id id, const book& pages) {
  if (!pages.is_taken_back(id) || !pages.has_approved(id))
    return {};
  decision d{decision::kind::closed, id};
  d.outcome = state::reversed;
  d.because = cause::client_reversal;
  config::log::info(subject_of(*pages.find(id)), "{} is reversed by its client itself",
                    codec::label(*pages.find(id)->request));
  return d;
}

}  // namespace actors
