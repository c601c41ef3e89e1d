// Every state of a transaction and every way out of it. Pure: no actor, no clock, no socket.
//
// Three hold a transaction: its terminal's queue until the client is told, the journal's book, and its
// reversal. Each says what happened by `step` and executes the row's actions in their order. The order is the
// point: what must be durable before the next byte leaves stands in front of it. docs/LIFECYCLE.md explains
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace actors::lifecycle {

enum class state : std::uint8_t {
  queued,            ///< accepted; waits for its turn
  intent,            ///< handed to the journal; sent when that is durable. In the book: until a response is
  at_host,           ///< handed to the link: it may be at the host
  committing,        ///< the host has approved it, which is not durable yet
  delivering,        ///< the approval is durable and on its way to the client
  unconfirmed,       ///< so it was when an earlier process ended: nobody knows whether the client has it
  reversal_due,      ///< to be reversed; waits for its time
  reversal_sent,     ///< its reversal may be at the host
  awaiting_recheck,  ///< the host knew no such transaction, but it might still arrive there
  parked,            ///< could not be reversed: on the operator's list, tried again slowly
  retry_sent,        ///< parked, and one more reversal may be at the host
  approved,          ///< final: the client has its approval
  declined,          ///< final: the host said no
  reversed,          ///< final: the host has undone it, or never had it
  cancelled,         ///< final: never sent
};

enum class event : std::uint8_t {
  // Of the queue.
  turn,            ///< the terminal is free and the link is up
  not_yet,         ///< the journal knows of other money of the terminal that must be ended first
  intent_refused,  ///< the journal did not take it
  joined,          ///< a client's reversal: what it means is being reversed already
  intent_durable,
  unsent,    ///< its time is up, or its client is gone, before a byte was sent
  approved,  ///< the host said yes
  approved_client_gone,
  declined,
  undetermined,  ///< the host answered that it does not know
  duplicate,     ///< the host takes it for a repeat of an older transaction
  client_gone,   ///< and nobody waits for the host's answer
  host_silent,   ///< no answer in time
  host_lost,     ///< the link fell, or a part of the gateway failed
  approval_durable,
  approval_durable_client_gone,
  approval_refused,  ///< the journal did not take it

  // Of the book: the journal's records, and a start.
  recorded_approval,
  recorded_due,
  recorded_attempt,      ///< a reversal was sent
  recorded_attempt_end,  ///< it was answered, or was not in time
  recorded_late_approval,
  recorded_parked,
  recorded_delivery,
  recorded_approved,  ///< an operator, or policy, lets an unconfirmed approval stand
  recorded_declined,
  recorded_reversed,
  recorded_cancelled,
  restarted,  ///< the process that had it has ended
  adopted,    ///< the same, and its journal was copied while it was at the host

  // Of the journal: a response that no request waits for.
  late_approval,
  late_decline,

  // Of the reversal.
  attempt_granted,
  held_back,        ///< `noAutoReversal`: an operator must ask for it
  not_sent,         ///< no byte of it was sent
  confirmed,        ///< the host has reversed it; a client's own reversal: has done it
  failed,           ///< no answer in time, or the host asks to be asked again
  exhausted,        ///< the same, and the schedule has no further attempt
  not_found_early,  ///< no such transaction, at a time when it might still arrive
  not_found,        ///< no such transaction, and none can arrive any more
  refused,          ///< any other answer, or the dialect cannot express the reversal
  time_is_up,       ///< of the pause before the next attempt
  retried,          ///< an operator wants the next attempt now
  approved_late,    ///< the host's yes
  declined_late,    ///< the host's no
  resolved,         ///< an operator has ended it otherwise, durably
};

enum class action : std::uint8_t {
  // The queue.
  commit_intent,      ///< then `intent_durable`, or why not
  wait_for_terminal,  ///< in front of all that waits, until the terminal is free
  await_reversal,     ///< its answer is this client's too
  send_request,
  commit_approval,  ///< then `approval_durable`
  answer_client,
  refuse_client,
  request_reversal,
  warn_of_duplicate,
  close,  ///< its end, with the next batch: losing that loses no money
  // The book.
  keep_response,   ///< what the client was told, or may ask for
  keep_reference,  ///< the host's fields 37 and 38, for the next reversal
  keep_reason,
  interrupt,  ///< the process or actor that had it has stopped without a record
  begin_attempts,
  count_attempt,
  end,  ///< what may not be kept any longer is erased
  // The journal.
  await_first_response,  ///< only then can be said what this one means
  record_late_approval,
  tell_reversal,
  reopen,           ///< it is reversed once more; alarm
  warn_of_decline,  ///< the first answer stands
  // The reversal.
  send_reversal,
  next_attempt,  ///< by the schedule
  slow_attempt,  ///< an hour later, say
  recheck,       ///< when it cannot arrive any more
  resend,        ///< in a moment
  request_attempt,
  park,  ///< durably, then the alarm
  stop,  ///< there is nothing left to do
};

/// A row of the table.
struct row {
  std::string_view id;  ///< "T08"
  state from;
  event on;
  std::vector<action> actions;
  state to;
};

/// All of them.
std::span<const row> rows();

/// What to do; nullptr where this cannot happen in that state.
const row* find(state from, event on);

/// The same for a caller that executes it: the row counts as reached.
const row* step(state from, event on);

/// Whether `step` has taken it in this process.
bool was_reached(const row& r);

bool is_final(state s);

/// Whether the host may hold money for it that no client knows of: these are the open cases.
bool is_open_case(state s);

/// Whether the turn of its terminal is its own: from its intent until the client can be told.
bool holds_turn(state s);

std::string_view to_string(state s);
std::string_view to_string(event e);
std::string_view to_string(action a);
std::optional<state> state_of(std::string_view text);

}  // namespace actors::lifecycle
