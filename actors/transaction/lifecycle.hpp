// Every state of a transaction and every transition. Pure: no actor, no clock, no socket.
//
// Three parts have a transaction's state: its terminal's queue until the client is answered, the journal's
// book, and its reversal. Each calls `step` with an event and executes the row's actions in their order. The
// order matters: what must be durable stands before what sends bytes. docs/LIFECYCLE.md explains the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace actors::lifecycle {

enum class state : std::uint8_t {
  queued,            ///< accepted; waits for its turn
  intent,            ///< with the journal; sent when it is durable. In the book: until a response is durable
  at_host,           ///< given to the link: the host may have it
  committing,        ///< the host has approved it, not durably yet
  delivering,        ///< the approval is durable and on its way to the client
  unconfirmed,       ///< a restart came while it was being delivered: unknown whether the client has it
  reversal_due,      ///< to be reversed; waits for the next attempt
  reversal_sent,     ///< the host may have its reversal
  awaiting_recheck,  ///< the host has no such transaction, but it might still arrive there
  parked,            ///< could not be reversed: an operator must decide; retried slowly
  retry_sent,        ///< parked, and one more reversal may be at the host
  approved,          ///< final: the client has its approval
  declined,          ///< final: the host has declined it
  reversed,          ///< final: the host has reversed it, or never had it
  cancelled,         ///< final: never sent
};

enum class event : std::uint8_t {
  // Of the queue.
  turn,            ///< the terminal is free and the link is up
  not_yet,         ///< another transaction of the terminal must end first
  intent_refused,  ///< the journal did not write it
  joined,          ///< a client's reversal: the transaction that it means is already being reversed
  intent_durable,
  unsent,           ///< its deadline came, or its client disconnected, before a byte was sent
  reversal_unsent,  ///< the same of a client's own reversal: what it means stands
  approved,         ///< the host has approved it
  approved_client_gone,
  refused_client_gone,  ///< the host did not do what a client's own reversal asks for, and nobody hears that
  declined,
  undetermined,           ///< the host responded that the outcome is undetermined
  reversal_undetermined,  ///< the same of a client's own reversal: it is repeated, and only its end tells
  reversal_refused,       ///< the host refuses a client's own reversal: what it means stands
  rejected,               ///< the host has rejected it, and never processed it
  duplicate,              ///< the host takes it for a repeat of an older transaction
  client_gone,            ///< the client has disconnected and the host's response is not waited for
  host_silent,            ///< no response in time
  host_lost,              ///< the link fell, or a part of the gateway failed
  approval_durable,
  approval_durable_client_gone,
  approval_refused,  ///< the journal did not write it

  // Of the book: the journal's records, and a restart.
  recorded_approval,
  recorded_due,
  recorded_attempt,      ///< a reversal was sent
  recorded_attempt_end,  ///< the reversal was answered or has timed out
  recorded_late_approval,
  recorded_parked,
  recorded_delivery,
  recorded_approved,  ///< an operator, or policy, accepts an unconfirmed approval
  recorded_declined,
  recorded_reversed,
  recorded_cancelled,
  restarted,  ///< the process that had it in hand has ended
  adopted,    ///< the same, and its journal was copied while the host had the request

  // Of the journal: an unmatched response.
  late_approval,
  late_decline,

  // Of the reversal.
  attempt_granted,
  held_back,        ///< `noAutoReversal`: an operator must ask for it
  not_sent,         ///< no byte of it was sent
  confirmed,        ///< the host has reversed it; a client's own reversal: the host has approved it
  failed,           ///< no response in time, or the host asks for a repeat
  exhausted,        ///< the same, and the schedule has no more attempts
  not_found_early,  ///< the host has no such transaction, but it might still arrive
  not_found,        ///< the host has no such transaction, and it cannot arrive any more
  refused,          ///< any other response, or the dialect cannot express the reversal
  time_is_up,       ///< the pause before the next attempt is over
  retried,          ///< an operator wants the next attempt now
  approved_late,    ///< the host has approved it
  declined_late,    ///< the host has declined it
  resolved,         ///< an operator has ended it by other means, durably
};

enum class action : std::uint8_t {
  // The queue.
  commit_intent,      ///< then `intent_durable`, or a refusal of the journal
  wait_for_terminal,  ///< in front of the queue until the terminal is free
  await_reversal,     ///< that reversal's response is this client's response too
  send_request,
  commit_approval,  ///< then `approval_durable`
  answer_client,
  refuse_client,
  request_reversal,
  warn_of_duplicate,
  close,              ///< its end, with the next batch: losing it loses no money
  close_then_answer,  ///< its end is durable before the client gets it, an answer or a refusal: a restart
                      ///< would undo what that says
  // The book.
  keep_response,   ///< the one that the client got, or may ask for
  keep_reference,  ///< the host's fields 37 and 38, for the next reversal
  keep_reason,
  interrupt,  ///< the process or actor that had it in hand has stopped without a record
  begin_attempts,
  count_attempt,
  end,  ///< erase what may not be stored any longer
  // The journal.
  await_first_response,  ///< without the first response the meaning of this one is unknown
  record_late_approval,
  tell_reversal,
  reopen,           ///< reverse it once more; alarm
  warn_of_decline,  ///< the first response stands
  // The reversal.
  send_reversal,
  next_attempt,  ///< by the schedule
  slow_attempt,  ///< after `slow_pause` (reversal/retry_schedule.hpp)
  recheck,       ///< when the request cannot arrive any more
  resend,        ///< in a moment
  request_attempt,
  park,  ///< durably, then the alarm
  stop,  ///< the reversal has ended
};

/// A row of the table.
struct row {
  std::string_view id;  ///< "T08"
  state from;
  event on;
  std::vector<action> actions;
  state to;
};

/// All rows.
std::span<const row> rows();

/// The row for `on` in state `from`; nullptr if the event cannot happen in that state.
const row* find(state from, event on);

/// The same for a caller that executes the row: the row counts as reached.
const row* step(state from, event on);

/// Whether `step` has returned this row in this process.
bool was_reached(const row& r);

bool is_final(state s);

/// Whether the host may hold money for it that no client knows of: an open case.
bool is_open_case(state s);

/// Whether it occupies its terminal: from its intent until the client can be answered.
bool holds_turn(state s);

std::string_view to_string(state s);
std::string_view to_string(event e);
std::string_view to_string(action a);
std::optional<state> state_of(std::string_view text);

}  // namespace actors::lifecycle
