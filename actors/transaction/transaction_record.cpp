// Translates a decision into an event of the lifecycle, whose row says what changes.

#include "actors/transaction/transaction_record.hpp"

#include "codec/exchange/renumber.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/privacy/retention.hpp"

namespace actors {

namespace {

using lifecycle::action;
using lifecycle::event;
using lifecycle::state;
using kind = decision::kind;
using attempt = decision::attempt_state;

// Why a transaction is listed whose request the host had when its journal was copied.
constexpr const char* from_copy = "from a journal that was adopted";

event end_of(state outcome) {
  switch (outcome) {
    case state::approved: return event::recorded_approved;
    case state::declined: return event::recorded_declined;
    case state::cancelled: return event::recorded_cancelled;
    default: return event::recorded_reversed;
  }
}

// Nothing for a kind that this version does not have.
std::optional<event> event_of(const decision& d) {
  switch (d.what) {
    case kind::approved: return event::recorded_approval;
    case kind::reversal_due: return event::recorded_due;
    case kind::attempt:
      return d.attempt_is == attempt::sent ? event::recorded_attempt : event::recorded_attempt_end;
    case kind::approved_late: return event::recorded_late_approval;
    case kind::parked: return event::recorded_parked;
    case kind::delivered: return event::recorded_delivery;
    case kind::closed: return end_of(d.outcome);
    case kind::intent:
    case kind::numbers:
    case kind::unanswered: break;
  }
  return {};
}

// If the host has approved once, a later decline does not count.
void keep_reference(transaction& t, const decision& d, const codec::dialect& dialect) {
  t.host_agreed =
    t.host_agreed || d.what != kind::reversal_due || (d.message && dialect.approves(*d.message));
  if (!d.message)
    return;
  for (const int number : {codec::fields::reference, codec::fields::approval_code})
    if (d.message->has(number))
      t.reference_fields.set(number, std::string((*d.message)[number]));
  const auto approved = (*d.message)[codec::fields::amount];
  // Of a link of another dialect: an approval by a code that the clients' dialect has none for has no code.
  // What an earlier process took for an approval is one, whatever its code means now.
  const bool may_approve = d.what == kind::approved || d.what == kind::approved_late ||
                           dialect.approves(*d.message) ||
                           codec::is_blank((*d.message)[codec::fields::response_code]);
  if (may_approve && !approved.empty())
    t.approved_amount = approved == (*t.request)[codec::fields::amount] ? "" : approved;
}

void keep_reason(transaction& t, const decision& d) {
  if (d.what == kind::reversal_due || says_told_failed(d))
    t.because = d.because;
  if (d.what == kind::closed && d.outcome == state::reversed)
    t.reversed_reference = t.reference_fields[codec::fields::reference];
  if (!d.why.empty())
    t.why = d.why;
  if (!d.code.empty())
    t.code = d.code;
}

void begin_attempts(transaction& t, const decision& d, time_point now) {
  t.attempts = 0;
  // A client's own reversal is to be repeated: the client's message was the first attempt. The host has
  // answered it where it could not do it, or has refused it when its client was gone.
  const bool was_sent = std::exchange(t.attempt_under_way, false) && codec::is_reversal(*t.request);
  const bool was_answered = d.because == cause::undetermined || d.because == cause::undelivered;
  t.attempt_lost = was_sent && !was_answered;
  t.late_arrival_until = now + late_arrival_max;
  // From here on its approval is not shown.
  t.hands->revoked = true;
  t.hands->by_client = d.because == cause::client_reversal;
}

void count_attempt(transaction& t, const decision& d) {
  t.attempt_under_way = d.attempt_is == attempt::sent;
  if (t.attempt_under_way)
    return;
  t.attempts = d.attempt;
  t.code = d.code;
  t.last_answered = d.attempt_is == attempt::answered;
  t.attempt_lost = t.attempt_lost || d.attempt_is == attempt::lost;
}

void interrupt(transaction& t) {
  t.because = cause::interrupted;
  t.why = to_string(cause::interrupted);
}

void act(action a, transaction& t, const decision& d, const codec::dialect& dialect, time_point now) {
  switch (a) {
    case action::keep_response:
      // The client got this response. The client does not get an approval that comes late. What can be asked
      // for outlives the transaction, so it is without card data.
      if (d.message && !t.response && (d.what != kind::reversal_due || d.because == cause::undetermined))
        t.response = t.options.public_id.empty() ? d.message : open_part_of(d.message, dialect);
      return;
    case action::keep_reference: return keep_reference(t, d, dialect);
    case action::keep_reason: return keep_reason(t, d);
    case action::interrupt: return interrupt(t);
    case action::begin_attempts: return begin_attempts(t, d, now);
    case action::count_attempt: return count_attempt(t, d);
    case action::end:
      // What may not be stored any longer is erased: the card and all that belongs to it.
      t.request = open_part_of(t.request, dialect);
      // Without a public id the response cannot be asked for.
      if (t.options.public_id.empty())
        t.response = nullptr;
      return;
    default: return;
  }
}

bool drive(transaction& t, event on, const decision& d, const codec::dialect& dialect, time_point now) {
  const auto* r = lifecycle::step(t.state, on);
  if (!r)
    return false;
  if (r->to != r->from)
    t.since = now;
  for (const auto a : r->actions)
    act(a, t, d, dialect, now);
  t.state = r->to;
  return true;
}

}  // namespace

bool apply(transaction& t, const decision& d, const codec::dialect& dialect, time_point now) {
  const auto on = event_of(d);
  return on && drive(t, *on, d, dialect, now);
}

bool says_told_failed(const decision& d) {
  return d.what == kind::closed && (d.outcome == state::cancelled || d.outcome == state::declined) &&
         !d.message && d.because == cause::failed;
}

bool holds_nothing(const transaction& t, const codec::dialect& dialect) {
  const bool is_own = t.request && codec::is_reversal(*t.request);
  return lifecycle::is_final(t.state) && t.state != state::approved &&
         !(is_own && t.state == state::reversed && codec::says_not_found(t.code, dialect));
}

bool restart(transaction& t, const codec::dialect& dialect, time_point now, bool adopted) {
  if (adopted)
    t.why = from_copy;
  return drive(t, adopted ? event::adopted : event::restarted, {kind::closed, t.id}, dialect, now);
}

message_ptr with_client_stan(message_ptr response, const std::string& stan) {
  if (stan.empty() || !response || !response->has(codec::fields::stan))
    return response;
  return std::make_shared<const codec::message>(codec::with_stan(*response, stan));
}

message_ptr open_part_of(const message_ptr& m, const codec::dialect& dialect) {
  if (!m)
    return nullptr;
  return std::make_shared<const codec::message>(codec::open_part(*m, dialect));
}

}  // namespace actors
