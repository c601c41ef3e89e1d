// The phases of a request in the `request_cache`, and every transition: a table. Pure: no actor, no clock.
//
// A request ends once. An approval may still be revoked until its client is known to have it, and its client
// may reverse it itself; else the reply in `answered`, `refused` and `reversed` does not change any more.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace actors::request {

enum class phase : std::uint8_t {
  under_way,   ///< it has not ended
  orphaned,    ///< its client got a failure; its true end would go to an actor that has stopped
  delivering,  ///< approved, and a session has it that will report the delivery
  fetchable,   ///< approved, and its client may not have it: it may ask again for a while
  revoking,    ///< approved, and no client came in time: the journal is asked to reverse it
  kept,        ///< approved by an earlier process: its client may have it, so it is not reversed on a guess
  answered,    ///< the host's response stands: no approval, or an approval that its client has
  refused,     ///< refused, and nothing was sent
  failed,      ///< refused, and the host may have acted on it: it is reversed if it moves money
  reversed,    ///< refused, and the host has no money for it any more
};

enum class event : std::uint8_t {
  approved,  ///< and a session will report the delivery
  answered,
  refused_unsent,
  failed,
  actor_stopped,      ///< the actor that would have received its end
  left_by_process,    ///< an earlier process had the approval, and it is not reversed on a guess
  given,              ///< a session gets the approval, and its client cannot ask again
  given_for_a_while,  ///< the same, and its client can ask again
  delivery_failed,    ///< its client may not have it: the time to fetch it begins
  time_is_up,         ///< no client has fetched it
  delivered,          ///< the journal has recorded that its client has it
  revoked,            ///< its reversal is due, durably
  reversal_completed,
  reversed_by_client,  ///< the same, by a reversal that its client has sent itself
};

/// A row of the table.
struct row {
  phase from;
  event on;
  phase to;
};

/// All rows.
std::span<const row> rows();

/// The phase that follows; nothing if the event changes nothing in that phase.
std::optional<phase> find(phase from, event on);

/// The same for a caller that acts on it: the row counts as reached.
std::optional<phase> step(phase from, event on);

/// Whether `step` has used this row in this process.
bool was_reached(const row& r);

/// Whether a client may get it as an approval that can still be revoked.
bool is_open_approval(phase p);

std::string_view to_string(phase p);
std::string_view to_string(event e);

}  // namespace actors::request
