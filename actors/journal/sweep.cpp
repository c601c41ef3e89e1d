// Finds in the book what no message will end. Changes nothing.

#include "actors/journal/sweep.hpp"

#include <utility>

#include "actors/core/timeouts.hpp"

namespace actors {

using lifecycle::state;

sweep::due sweep::look(const book& pages, const config::delivery_settings& s, caf::timespan age) {
  due d;
  find_abandoned(pages, d);
  if (s.of_unconfirmed == config::unconfirmed::reverse && age >= fetch_timeout &&
      !std::exchange(looked_at_unconfirmed_, true))
    find_unconfirmed(pages, d);
  if (s.of_unconfirmed == config::unconfirmed::keep && s.unconfirmed_age.count() != 0 &&
      age >= s.unconfirmed_age)
    find_aged(pages, d);
  return d;
}

// The actor that had these in hand has stopped without a report. A message about one may still lie in a
// mailbox, so it is reversed only if no actor has it in hand in two sweeps.
void sweep::find_abandoned(const book& pages, due& d) {
  auto now_abandoned = pages.abandoned();
  for (const auto id : now_abandoned)
    if (abandoned_.contains(id))
      d.to_reverse.push_back(
        {id, pages.find(id)->state == state::intent ? cause::failed : cause::undelivered});
  abandoned_ = std::move(now_abandoned);
}

// By policy. For transactions with a public id the idempotency actor waits for the clients.
void sweep::find_unconfirmed(const book& pages, due& d) {
  for (const auto& t : pages.cases())
    if (t.state == state::unconfirmed && t.options.public_id.empty() && !pages.is_operators(t))
      d.to_reverse.push_back({t.id, cause::unconfirmed});
}

// An unconfirmed transaction is so since the start at the latest, so the time that this process has run
// proves its age: a wall clock that jumps ends nothing early. What came with an adopted journal waits for an
// operator. No new one appears later, so one pass over all of them, a page each sweep, is enough.
void sweep::find_aged(const book& pages, due& d) {
  for (const auto& t : pages.cases_after(aged_to_, cases_page_max)) {
    aged_to_ = t.id;
    if (t.state == state::unconfirmed && !pages.is_operators(t))
      d.to_end.push_back(t.id);
  }
}

}  // namespace actors
