// Finds in the book what no message will end. Changes nothing.

#include "actors/journal/sweep.hpp"

#include <utility>

#include "actors/core/timeouts.hpp"

namespace actors {

using lifecycle::state;

sweep::due sweep::look(const book& pages, const config::delivery_settings& policy, caf::timespan age) {
  due found;
  find_abandoned(pages, found);
  if (policy.of_unconfirmed == config::unconfirmed::reverse && age >= fetch_timeout &&
      !std::exchange(looked_at_unconfirmed_, true))
    find_unconfirmed(pages, found);
  if (policy.of_unconfirmed == config::unconfirmed::keep && policy.unconfirmed_age.count() != 0 &&
      age >= policy.unconfirmed_age)
    find_aged(pages, found);
  return found;
}

// The actor that had these in hand has stopped without a report. A message about one may still lie in a
// mailbox, so it is reversed only if no actor has it in hand in two sweeps.
void sweep::find_abandoned(const book& pages, due& found) {
  auto now_abandoned = pages.abandoned();
  for (const auto id : now_abandoned)
    if (abandoned_.contains(id))
      found.to_reverse.push_back(
        {id, pages.find(id)->state == state::intent ? cause::failed : cause::undelivered});
  abandoned_ = std::move(now_abandoned);
}

// By policy. For transactions with a public id the idempotency actor waits for the clients.
void sweep::find_unconfirmed(const book& pages, due& found) {
  for (const auto& t : pages.cases())
    if (t.state == state::unconfirmed && t.options.public_id.empty() && !pages.is_operators(t))
      found.to_reverse.push_back({t.id, cause::unconfirmed});
}

// An unconfirmed transaction is so since the start at the latest, so the time that this process has run
// proves its age: a wall clock that jumps ends nothing early. What came with an adopted journal waits for an
// operator. No new one appears later, so one pass over all of them, a page each sweep, is enough.
void sweep::find_aged(const book& pages, due& found) {
  for (const auto& t : pages.cases_after(aged_to_, cases_page_max)) {
    aged_to_ = t.id;
    if (t.state == state::unconfirmed && !pages.is_operators(t))
      found.to_end.push_back(t.id);
  }
}

}  // namespace actors
