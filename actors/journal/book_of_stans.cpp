// The part of the book that looks for other transactions with a TID and a STAN: one that forbids a request,
// and one that the host may still respond to. Of those that are packed it unpacks only what may be one.

#include <algorithm>

#include "actors/journal/book.hpp"
#include "actors/protocol/response_times.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/reversal.hpp"

namespace actors {

using lifecycle::state;

namespace {

// Not for a client's own reversal: a repeat of it is the same reversal.
bool was_sent(const transaction& p) { return p.state != state::cancelled && !codec::is_reversal(*p.request); }

bool same_day(const codec::message& a, const codec::message& b, const codec::dialect& d) {
  return codec::local_day_text(a, d) == codec::local_day_text(b, d);
}

// Between its intent and its response, or the end of its reversal.
constexpr std::chrono::minutes under_way_max{10};

// What says whether the host may still respond, of a transaction and of a packed one.
struct may_hear {
  explicit may_hear(const transaction& t)
    : is(t.state),
      is_reversal(codec::is_reversal(*t.request)),
      was_attempted(t.attempts != 0),
      owes_attempt(t.attempt_lost || t.attempt_unrecorded),
      host_agreed(t.host_agreed),
      since(t.since),
      begun(t.begun) {}
  explicit may_hear(const packed_transactions::glance& g)
    : is(g.state),
      is_reversal(g.is_reversal),
      was_attempted(false),
      owes_attempt(g.attempt_lost),
      host_agreed(g.host_agreed),
      since(g.since),
      begun(g.begun) {}

  // By both clocks: after a restart `since` is young, and a wall clock may have been set back.
  bool is_younger(std::chrono::seconds age, time_point now, std::int64_t wall) const {
    return now - since < age && wall - begun < (age + under_way_max).count();
  }

  // Whether its host may still respond to it, for the first time or once more.
  bool an_answer(time_point now, std::int64_t wall) const {
    if (is_reversal || is == state::cancelled)
      return false;
    const bool has_answered = host_agreed || is == state::declined || is == state::delivering ||
                              is == state::unconfirmed || is == state::approved;
    return is_younger(has_answered ? response_repeated_for : response_owed_for, now, wall);
  }

  // The same of a reversal of it, or of it where it is one.
  bool a_reversals_answer(time_point now) const {
    if (is == state::reversal_due || is == state::parked)
      return true;
    if (!is_reversal && is != state::reversed && !was_attempted)
      return false;
    return now - since < (owes_attempt || is == state::intent ? response_owed_for : response_repeated_for);
  }

  state is;
  bool is_reversal, was_attempted, owes_attempt, host_agreed;
  time_point since;
  std::int64_t begun;
};

}  // namespace

// A client's own reversal has the TID, STAN and time of the transaction that it reverses, so it is no
// conflict.
const transaction* book::find_stan_conflict(const codec::message& request, bool whole_day) const {
  const auto stands_in_the_way = [&](const transaction& p) {
    return codec::is_reversal(*p.request) == codec::is_reversal(request) &&
           (!lifecycle::is_final(p.state) ||
            (was_sent(p) && codec::may_be_same_moment(*p.request, request, dialect_of(p))) ||
            (whole_day && p.state == state::approved && same_day(*p.request, request, dialect_of(p))));
  };
  const auto trace = trace_of(request);
  for (const auto id : packed_like(request, trace, whole_day))
    if (const auto* p = find(id); trace_of(*p->request) == trace && stands_in_the_way(*p))
      return p;
  if (const auto it = by_trace_.find(trace); it != by_trace_.end())
    for (const auto id : it->second)
      if (const auto& p = all_.at(id); stands_in_the_way(p))
        return &p;
  return nullptr;
}

// The packed ones with this trace that may be of the moment of `request`, or of its day, the oldest first.
// They are not unpacked: a terminal may use a STAN again and again.
std::vector<transaction_id> book::packed_like(const codec::message& request, const std::string& trace,
                                              bool whole_day) const {
  std::vector<transaction_id> ids;
  // Moment and day, as each host's dialect has them.
  std::vector<std::pair<std::uint16_t, std::uint16_t>> looks;
  const auto is_like = [whole_day](const auto& look, const packed_transactions::glance& g) {
    const auto [moment, day] = look;
    return moment == 0 || g.moment == 0 || g.moment == moment || (whole_day && g.day == day);
  };
  packed_.look_at(trace, [&](const packed_transactions::glance& g) {
    if (looks.empty())
      for (const auto& host : hosts_.all())
        looks.emplace_back(packed_transactions::moment_of(request, *host->dialect),
                           packed_transactions::day_of(request, *host->dialect));
    if (std::ranges::any_of(looks, [&](const auto& look) { return is_like(look, g); }))
      ids.push_back(g.id);
    return true;
  });
  std::ranges::reverse(ids);
  return ids;
}

bool book::has_namesake(const transaction& t, bool of_reversal, time_point now, std::int64_t wall) const {
  if (!of_reversal && unanswered_.has(*t.request, t.upstream, dialect_of(t), now, wall))
    return true;
  if (has_packed_namesake(t, of_reversal, now, wall))
    return true;
  const auto it = by_trace_.find(t.trace);
  return it != by_trace_.end() && std::ranges::any_of(it->second, [&](transaction_id other) {
           const auto& p = all_.at(other);
           return other != t.id && p.upstream == t.upstream &&
                  (of_reversal ? may_hear(p).a_reversals_answer(now) : may_hear(p).an_answer(now, wall));
         });
}

// Those that the host may still respond to have ended last.
bool book::has_packed_namesake(const transaction& t, bool of_reversal, time_point now,
                               std::int64_t wall) const {
  bool found = false;
  packed_.look_at(t.trace, [&](const packed_transactions::glance& g) {
    const may_hear of(g);
    if (g.id != t.id && (of_reversal ? of.a_reversals_answer(now) : of.an_answer(now, wall))) {
      const auto* p = find(g.id);
      found = p->upstream == t.upstream && trace_of(*p->request) == t.trace;
    }
    return !found && now - g.since < response_owed_for;
  });
  return found;
}

}  // namespace actors
