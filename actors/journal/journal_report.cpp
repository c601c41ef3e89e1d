#include "actors/journal/journal_report.hpp"

#include <algorithm>

#include "actors/core/message_log.hpp"
#include "actors/transaction/operator_decision.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/latin1.hpp"
#include "config/log.hpp"

namespace actors {

journal_report report_on(const book& pages, std::size_t blocked_terminals, const store::journal_room& room,
                         time_point now) {
  using lifecycle::state;
  journal_report r;
  r.blocked_terminals = blocked_terminals;
  r.remembered = pages.size();
  r.forgotten_early = pages.forgotten_early();
  r.has_room = room.is_enough;
  r.bytes_used = room.used;
  r.bytes_free = room.free;
  r.lost_key = room.lost_key;
  auto oldest = now;
  for (const auto id : pages.open()) {
    const auto& t = *pages.find(id);
    if (t.state == state::unconfirmed) {
      ++r.unconfirmed;
    } else if (t.state == state::parked) {
      ++r.parked;
    } else {
      ++r.reversing;
      oldest = std::min(oldest, t.since);
    }
  }
  r.oldest_reversal = std::chrono::duration_cast<std::chrono::seconds>(now - oldest);
  return r;
}

case_changed change_of(const transaction& t, const decision& d, const codec::dialect& dialect) {
  const bool has_ended = lifecycle::is_final(t.state);
  case_changed c{t.id, {}};
  c.is.state = has_ended ? lifecycle::to_string(t.state) : listed_state(t.state);
  c.is.attempts = static_cast<std::uint64_t>(t.attempts);
  c.is.code = codec::utf8_of_latin1(codec::masked_text(t.code));
  c.is.meaning = dialect.meaning_of(t.code);
  c.is.cause = to_string(t.because);
  if (t.state == lifecycle::state::parked || !d.who.empty())
    c.is.why = codec::masked_text(t.why);
  c.is.by = codec::masked_text(d.who);
  return c;
}

void log_due(const transaction& t, bool waits) {
  config::log::warning(subject_of(t), "{} is {} (case {}): {}", codec::label(*t.request),
                       codec::is_reversal(*t.request) ? "repeated until the host has answered it"
                       : waits                        ? "an open case, and waits for `socketqueue retry`"
                                                      : "to be reversed",
                       t.id, t.why);
}

void log_stan_in_use(const decision& intent, const transaction& other) {
  config::log::warning(about{*intent.message, intent.id, intent.options.public_id},
                       "{} is refused: TID and STAN are those of transaction {}, which is {}",
                       codec::label(*intent.message), other.id, to_string(other.state));
}

void log_reopened(const transaction& t, const codec::message& approval) {
  config::log::error(subject_of(t), "{}: the host approves what had ended as {}; it is reversed (case {})",
                     codec::label(approval), to_string(t.state), t.id);
}

void log_contradiction(const transaction& t, const codec::message& decline) {
  config::log::error(
    subject_of(t),
    "{}: the host declines what it has approved before (transaction {}); the first answer stands",
    codec::label(decline), t.id);
}

}  // namespace actors
