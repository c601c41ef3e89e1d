// What a host's response means for the message that waits for it. Pure: no actor, no clock.

#include "actors/transaction/queue_entry.hpp"

#include "actors/transaction/transaction_record.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/renumber.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"

namespace actors {

using lifecycle::event;

bool is_money(const codec::message& m, const codec::dialect& d) {
  return codec::moves_money(m, d) || (codec::is_reversal(m) && !d.reversal.of.empty());
}

lifecycle::event queue_entry::take_response(message_ptr r, const codec::dialect& d) {
  response = std::move(r);
  why = refusal::undelivered;
  because = cause::undelivered;
  if (codec::is_reversal(*what.request)) {
    switch (codec::reversal_reply_of(*response, d, codec::earlier_attempt::none)) {
      case codec::reversal_reply::done:
      case codec::reversal_reply::not_found: return event::confirmed;
      case codec::reversal_reply::system_error: because = cause::undetermined; return event::undetermined;
      case codec::reversal_reply::refused: break;
    }
    return event::declined;
  }
  switch (codec::reply_of(*response, d)) {
    case codec::reply::approved: return client_gone ? event::approved_client_gone : event::approved;
    case codec::reply::undetermined: because = cause::undetermined; return event::undetermined;
    case codec::reply::duplicate: return event::duplicate;
    case codec::reply::declined: break;
  }
  return event::declined;
}

void queue_entry::take_committed(const committed& c) {
  hand = c.hand;
  joined = c.joined;
  if (!c.renumbered)
    return;
  if (!what.own_stan)
    client_stan = (*what.request)[codec::fields::stan];
  what.request = c.renumbered;
}

void queue_entry::restamp(const environment& env) {
  const char message_class = codec::message_class(what.request->mti());
  if (!env.settings.queue.restamp_stan || what.reverses != 0 || what.own_stan ||
      (message_class != '1' && message_class != '2'))
    return;
  client_stan = (*what.request)[codec::fields::stan];
  what.request = std::make_shared<const codec::message>(
    codec::with_stan(*what.request, codec::stan_text(env.next_stan(what.upstream))));
}

answer queue_entry::to_client(const message_ptr& r) const {
  auto shown = with_client_stan(r, client_stan);
  return where == lifecycle::state::delivering ? answer{std::move(shown), what.id, hand}
                                               : answer{std::move(shown)};
}

decision queue_entry::intent() const {
  decision d{decision::kind::intent, what.id, what.request, what.options};
  d.upstream = what.upstream;
  d.own_stan = what.own_stan;
  return d;
}

decision queue_entry::closing() const {
  decision d{decision::kind::closed, what.id};
  d.message = response;
  d.outcome = where;
  return d;
}

answer queue_entry::answer_like(const codec::message& other, const codec::dialect& d) const {
  auto m = *what.request;
  m.set(codec::fields::mti, d.response_mti(m.mti()));
  for (const auto& [field, value] : other)
    if (field != codec::fields::mti)
      m.set(field, value);
  return answer{std::make_shared<const codec::message>(std::move(m))};
}

}  // namespace actors
