// STANs of the gateway's own, as the journal gives them to the transactions that it commits.
//
// The journal gives them because it alone knows which ones are in use. It never changes one that is
// committed.

#include "actors/journal/own_stans.hpp"

#include <algorithm>
#include <utility>

#include "actors/core/message_log.hpp"
#include "actors/journal/journal_records.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/renumber.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/exchange/rrn.hpp"
#include "codec/fields.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace log = config::log;
namespace fields = codec::fields;

namespace {

std::string next_stan(const environment& env, const decision& intent) {
  return codec::stan_text(env.next_stan(intent.upstream));
}

// The host may know the transaction by another STAN than the client.
void name_original(decision& intent, const transaction* original, const book& pages, const environment& env) {
  const auto& reversal = *intent.message;
  const auto& dialect = env.upstreams.dialect_of(intent.upstream);
  const bool is_as_sent = original ? original->client_stan.empty() : !env.settings.queue.restamp_stan;
  if (is_as_sent || (!original && intent.own_stan))
    return;
  if (!original)
    log::warning(
      about{reversal, intent.id, intent.options.public_id},
      "{}: no transaction is known that it means, or several; it goes to the host with a new STAN, because "
      "its "
      "own may be that of another transaction there",
      codec::label(reversal));
  // A repeat is one at the host, too.
  const auto* earlier = pages.repeated_by(reversal);
  const auto own = earlier ? std::string((*earlier->request)[fields::stan]) : next_stan(env, intent);
  const auto named = original ? std::string((*original->request)[fields::stan]) : own;
  intent.client_stan = reversal[fields::stan];
  intent.message =
    std::make_shared<const codec::message>(codec::naming_original(reversal, named, own, dialect));
}

// Whether a message that the journal does not have, such as an inquiry, is at the host with this STAN.
bool is_at_host(std::string_view stan, const decision& intent) {
  return std::ranges::find(intent.stans_at_host, stan) != intent.stans_at_host.end();
}

// A client's reversal without an RRN gets that of the transaction that it means.
void name_reference(decision& intent, const transaction* original, const codec::dialect& d) {
  if (!d.rrn.fill || !original || intent.message->has(fields::reference) ||
      !original->request->has(fields::reference))
    return;
  intent.message = std::make_shared<const codec::message>(
    codec::with_rrn(*intent.message, (*original->request)[fields::reference]));
}

// A client's reversal without a local time, where the host wants one, gets that of the transaction that it
// means, else the present one.
void name_time(decision& intent, const transaction* original, const environment& env) {
  const auto& d = env.upstreams.dialect_of(intent.upstream);
  const auto rule = d.mandatory.find(intent.message->mti());
  auto m = *intent.message;
  for (const auto& part : d.local_time.parts)
    if (original && !m.has(part.field) && original->request->has(part.field))
      m.set(part.field, std::string((*original->request)[part.field]));
  codec::set_local_time(m, d, env.local_time());
  const auto is_due = [&](const auto& part) {
    return rule != d.mandatory.end() && std::ranges::find(rule->second, part.field) != rule->second.end() &&
           !intent.message->has(part.field);
  };
  if (std::ranges::any_of(d.local_time.parts, is_due))
    intent.message = std::make_shared<const codec::message>(std::move(m));
}

// Of a request with a STAN of the gateway's own: another one until it is free.
void renumber(decision& intent, const book& pages, const environment& env) {
  auto m = *intent.message;
  for (std::uint64_t tries = 0; tries < own_numbers::stan_max; ++tries) {
    const auto stan = next_stan(env, intent);
    m = codec::with_stan(m, stan);
    if (m[fields::stan] != stan || (!stan_holder(m, pages, env) && !is_at_host(stan, intent)))
      break;
  }
  log::info(about{*intent.message, intent.id, intent.options.public_id}, "{} goes to the host with STAN {}",
            codec::label(*intent.message), std::string(m[fields::stan]));
  if (!intent.own_stan)
    intent.client_stan = (*intent.message)[fields::stan];
  intent.message = std::make_shared<const codec::message>(std::move(m));
}

}  // namespace

const transaction* stan_holder(const codec::message& request, const book& pages, const environment& env) {
  return pages.find_stan_conflict(request, env.settings.queue.scope == config::stan_scope::day);
}

message_ptr give_stan(decision& intent, book& pages, const environment& env, write_queue& writes) {
  const auto given = intent.message;
  if (codec::is_reversal(*given)) {
    const auto* original = pages.meant_by(*given);
    if (original) {
      intent.upstream = original->upstream;
      intent.original = original->id;
    }
    name_original(intent, original, pages, env);
    name_reference(intent, original, env.upstreams.dialect_of(intent.upstream));
    name_time(intent, original, env);
  } else {
    const auto is_taken = [&] {
      return stan_holder(*given, pages, env) || is_at_host((*given)[fields::stan], intent);
    };
    if (intent.own_stan ? is_taken() : env.settings.queue.restamp_stan)
      renumber(intent, pages, env);
    intent.message = env.with_own_rrn(intent.message, intent.upstream);
  }
  reserve_stans(env, pages, writes);
  return intent.message == given ? nullptr : intent.message;
}

void go_on_with_stans(const environment& env, const book& pages) {
  for (const auto& [upstream, numbers] : pages.reserved())
    if (const auto* host = env.upstreams.find(upstream); numbers.until != 0)
      env.numbers->go_on_behind(host ? host->name : upstream, numbers.until);
}

void reserve_stans(const environment& env, book& pages, write_queue& writes) {
  if (!writes.has_writer())
    return;
  for (const auto& due : env.numbers->take_due()) {
    const auto id = env.next_transaction();
    pages.reserve(id, due.upstream, due.until);
    write_reservation(writes.next(), id, due);
  }
}

}  // namespace actors
