#include "actors/journal/journal_report.hpp"

#include <algorithm>

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

}  // namespace actors
