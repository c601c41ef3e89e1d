// Where a remembered request stands, and every way from there. Pure: no actor, no clock.
//
// A request has an end once. What is an approval then may still be taken back, until its client is known to
// have it; from `answered`, `refused` and `reversed` no client hears anything else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace actors::request {

enum class phase : std::uint8_t {
  under_way,  ///< it has no end yet
  unheard,  ///< its client was told that it has failed; its true end would come to an actor that has stopped
  delivering,  ///< approved, and a session has it that tells what becomes of it
  fetchable,   ///< approved, and its client may not have it: for a while it may ask again
  revoking,    ///< approved, and no client came in time: the journal is asked to reverse it
  kept,        ///< approved by an earlier process: its client may have it, so it is not reversed by guess
  answered,    ///< the host's answer stands: no approval, or an approval that its client has
  refused,     ///< refused, and nothing was sent
  failed,      ///< refused, and the host may have acted on it: it is reversed where it moves money
  reversed,    ///< refused, and the host holds nothing for it any more
};

enum class event : std::uint8_t {
  approved,  ///< and somebody has to tell whether its client has it
  answered,
  refused_unsent,
  failed,
  actor_stopped,      ///< the one that would have heard its end
  left_by_process,    ///< an earlier process had the approval, and it is not reversed by guess
  given,              ///< a session is given the approval, whose client cannot ask again
  given_for_a_while,  ///< the same, and its client can
  delivery_failed,    ///< its client may not have it: from now on its time runs
  time_is_up,         ///< nobody has fetched it
  delivered,          ///< the journal knows that its client has it
  revoked,            ///< its reversal is due, durably
  reversal_completed,
};

/// A row of the table.
struct row {
  phase from;
  event on;
  phase to;
};

/// All of them.
std::span<const row> rows();

/// Where it leads; nothing where the event changes nothing in that phase.
std::optional<phase> find(phase from, event on);

/// The same for a caller that acts on it: the row counts as reached.
std::optional<phase> step(phase from, event on);

/// Whether `step` has taken it in this process.
bool was_reached(const row& r);

/// Whether a client may be shown it as an approval that can still be taken back.
bool is_open_approval(phase p);

std::string_view to_string(phase p);
std::string_view to_string(event e);

}  // namespace actors::request
