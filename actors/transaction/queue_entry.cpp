// What a host's response means for the message that waits for it. No actor, no clock.

#include "actors/transaction/queue_entry.hpp"

#include <algorithm>

#include "actors/transaction/transaction_record.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/renumber.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masking.hpp"
#include "config/log.hpp"

namespace actors {

using lifecycle::event;

namespace {

namespace fields = codec::fields;

bool share_stan(const codec::message& a, const codec::message& b) {
  return codec::message_class(a.mti()) == codec::message_class(b.mti()) &&
         codec::without_leading_zeros(a[fields::stan]) == codec::without_leading_zeros(b[fields::stan]);
}

// Whether another one has its class and STAN.
bool is_under_way(const codec::message& m, const queue_entries& all, const queue_entry* except) {
  return std::ranges::any_of(all, [&](const auto& numbered) {
    return &numbered.second != except && share_stan(*numbered.second.what.request, m);
  });
}

}  // namespace

bool shares_own_stan(const queue_entry& e, const queue_entries& all) {
  return !e.what.own_stan && std::ranges::any_of(all, [&](const auto& numbered) {
    const auto& other = numbered.second;
    return other.has_own_stan() && share_stan(*other.what.request, *e.what.request);
  });
}

bool is_money(const codec::message& m, const codec::dialect& d) {
  return codec::moves_money(m, d) || (codec::is_reversal(m) && !d.reversal.of.empty());
}

void log_accepted(const submit& s, std::size_t pending, std::size_t under_way) {
  config::log::info(subject_of(s), "Processing queue [pending {} / total {}]", pending, pending + under_way);
}

lifecycle::event queue_entry::take_response(message_ptr from_host, const codec::dialect& d, time_point now) {
  answered_at = now;
  response = std::move(from_host);
  why = refusal::undelivered;
  because = cause::undelivered;
  if (codec::is_reversal(*what.request)) {
    const auto reply = codec::reversal_reply_of(*response, d, codec::earlier_attempt::none);
    if (client_gone && reply != codec::reversal_reply::done)
      return event::refused_client_gone;
    switch (reply) {
      case codec::reversal_reply::done:
      case codec::reversal_reply::not_found: return event::confirmed;
      case codec::reversal_reply::system_error:
        because = cause::undetermined;
        return event::reversal_undetermined;
      case codec::reversal_reply::refused: break;
    }
    // A client that reads an approval takes the reversal for done, which the dialect does not.
    if (!d.approves(*response))
      return event::reversal_refused;
    because = cause::undetermined;
    return event::reversal_undetermined;
  }
  switch (codec::reply_of(*response, d)) {
    case codec::reply::approved: return client_gone ? event::approved_client_gone : event::approved;
    case codec::reply::undetermined: because = cause::undetermined; return event::undetermined;
    case codec::reply::duplicate: return event::duplicate;
    case codec::reply::declined: break;
  }
  return event::declined;
}

lifecycle::event queue_entry::take_refusal(const caf::error& e) {
  why = refusal_of(e);
  detail = detail_of(e);
  if (!outcome_unknown(why) && why != refusal::rejected)
    return unsent();
  because = cause_of(why);
  return why == refusal::rejected    ? event::rejected
         : why == refusal::timed_out ? event::host_silent
                                     : event::host_lost;
}

lifecycle::event queue_entry::unsent() const {
  return codec::is_reversal(*what.request) ? event::reversal_unsent : event::unsent;
}

void queue_entry::take_committed(const committed& reply, time_point now) {
  sent_at = now;
  hand = reply.hand;
  joined = reply.joined;
  if (joined == 0)
    what.upstream = reply.upstream;
  what.begun = reply.known.begun;
  what.has_namesake = reply.known.has_namesake;
  what.means = reply.known.means;
  if (!reply.renumbered)
    return;
  const auto stan = (*what.request)[codec::fields::stan];
  if (!what.own_stan && stan != (*reply.renumbered)[codec::fields::stan])
    client_stan = stan;
  what.request = reply.renumbered;
}

void queue_entry::restamp(const environment& env, const queue_entries& all) {
  const char message_class = codec::message_class(what.request->mti());
  const bool is_financial = message_class == '1' || message_class == '2';
  if (what.reverses != 0)
    return;
  const bool is_new = is_financial && env.settings.queue.restamp_stan && !what.own_stan;
  if (is_new)
    client_stan = (*what.request)[fields::stan];
  if (is_new || (what.own_stan && is_under_way(*what.request, all, this)))
    for (std::uint64_t tries = 0; tries < own_numbers::stan_max; ++tries) {
      what.request = std::make_shared<const codec::message>(
        codec::with_stan(*what.request, codec::stan_text(env.next_stan(what.upstream))));
      if (!is_under_way(*what.request, all, this))
        break;
    }
  if (is_financial)
    what.request = env.with_own_rrn(what.request, what.upstream);
}

answer queue_entry::to_client(const message_ptr& r) const {
  auto shown = with_client_stan(r, client_stan);
  return where == lifecycle::state::delivering ? answer{std::move(shown), what.id, hand}
                                               : answer{std::move(shown)};
}

void queue_entry::end(answer a, const stats_actor& stats, const environment& env, time_point now) {
  using enum message_ended::outcome;
  const bool good = codec::is_reversal(*what.request)
                      ? codec::accepts(*a.response, env.upstreams.dialect_of(what.upstream))
                      : where == lifecycle::state::delivering;
  tell_end({std::string(what.request->mti()), std::string((*a.response)[codec::fields::response_code]),
            !money                                    ? answered
            : good                                    ? approved
            : where == lifecycle::state::reversal_due ? unknown
                                                      : declined},
           stats, env, now);
  ends.deliver(std::move(a));
}

void queue_entry::end(refusal reason, const stats_actor& stats, const environment& env, time_point now) {
  using enum message_ended::outcome;
  tell_end({std::string(what.request->mti()), "", outcome_unknown(reason) ? unknown : refused, reason}, stats,
           env, now);
  ends.deliver(error_of(reason, detail));
}

void queue_entry::end(const caf::error& reason, const stats_actor& stats, const environment& env,
                      time_point now) {
  detail = detail_of(reason);
  end(refusal_of(reason), stats, env, now);
}

// The gateway's own reversals are no messages of clients.
void queue_entry::tell_end(message_ended m, const stats_actor& stats, const environment& env,
                           time_point now) const {
  if (!stats || what.reverses != 0)
    return;
  // Whatever had left was at the host, also what the host has not answered.
  const time_point never{}, sent = money ? sent_at : turn_at;
  const bool had_left = !m.why || outcome_unknown(*m.why) || *m.why == refusal::rejected;
  const auto answered = answered_at != never ? answered_at : had_left ? now : never;
  m.request = what.request;
  m.id = what.options.public_id.empty() ? std::to_string(what.id) : what.options.public_id;
  m.transaction = money ? what.id : 0;
  m.by_http = what.by_http;
  m.upstream = what.upstream;
  m.link = link;
  m.total = now - accepted_at;
  m.waited = (turn_at == never ? now : turn_at) - accepted_at;
  m.host_answered = answered_at != never || !m.why;
  if (sent != never && answered != never)
    m.at_host = answered - sent;
  if (money && sent != never)
    m.committing = (sent - turn_at) + (answered == never ? caf::timespan{} : caf::timespan(now - answered));
  if (auto list = env.ended->add(std::move(m)))
    caf::anon_send(stats, messages_ended{std::move(list)});
}

decision queue_entry::intent(const queue_entries& all) const {
  decision d{decision::kind::intent, what.id, what.request, what.options};
  for (const auto& [_, e] : all)
    if (&e != this && !e.money)
      d.stans_at_host.emplace_back((*e.what.request)[fields::stan]);
  d.upstream = what.upstream;
  d.own_stan = what.own_stan;
  return d;
}

void queue_entry::fail(const directory& peers, const environment& env, time_point now) {
  // Its intent may be on its way to the disk, but no byte has left, and none will.
  if (where == lifecycle::state::intent) {
    where = lifecycle::step(where, event::unsent)->to;
    end(refusal::failed_unsent, peers.stats, env, now);
    if (peers.journal)
      caf::anon_send(peers.journal, log_lazily{closing()});
    return;
  }
  end(refusal::failed_unknown, peers.stats, env, now);
  // It may still wait for a link in upstream; by then its reversal has begun, so it must not be sent.
  if (peers.upstream)
    caf::anon_send(peers.upstream, withdraw{codec::terminal_of(*what.request), what.id});
  if (money && peers.journal)
    caf::anon_send(peers.journal, request_reversal{what.id, cause::failed});
}

void queue_entry::take(const withdraw& w) {
  client_gone = true;
  told_failed = w.told_failed;
}

decision queue_entry::closing() const {
  decision d{decision::kind::closed, what.id};
  // A response says itself what its client is told.
  d.because = told_failed && !response ? cause::failed : cause::none;
  d.message = response;
  d.outcome = where;
  return d;
}

void queue_entry::warn_of_duplicate() const {
  config::log::error(
    subject(),
    "{}: the host takes it for a repeat of an older transaction (code {}); it is not reversed, because that "
    "would reverse the older one",
    codec::label(*what.request), std::string((*response)[fields::response_code]));
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
