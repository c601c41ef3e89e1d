// Every state of a purchase and every way out of it. Pure: no actor, no clock, no socket.
//
// The actors tell what happened and do what the table says, in its order. The order is the point: what must
// be durable before the next byte leaves stands in front of it. docs/LIFECYCLE.md tells it all in words.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace actors::lifecycle {

enum class state : std::uint8_t {
  queued,            ///< accepted; waits for its turn
  intent,            ///< handed to the journal, not durable yet
  ready,             ///< its intent is durable, no byte is sent
  sent,              ///< at least one byte may have left
  committing,        ///< an approval came, it is not durable yet
  delivering,        ///< the approval is durable and being written to the client
  unconfirmed,       ///< so it was when an earlier process ended: nobody knows whether the client has it
  undelivered,       ///< the client has not got its approval; that it is to be reversed is not durable yet
  reversal_due,      ///< to be reversed, waits for its time
  reversal_sent,     ///< its reversal is at the host
  awaiting_recheck,  ///< the host knew no such purchase, but might still get to know it
  parked,            ///< could not be reversed: on the operator's list, tried again slowly
  approved,          ///< final: the client has it
  declined,          ///< final: the host said no
  reversed,          ///< final: the host has undone it, or never had it
  cancelled,         ///< final: never sent
};

enum class event : std::uint8_t {
  turn,  ///< its terminal is free and the link is up
  intent_durable,
  unsent_end,        ///< its time is up, or its client is gone, before anything was sent
  written,           ///< given to the link
  approved,          ///< the host said yes
  approved_unheard,  ///< the same, but the client is gone for good
  declined,
  undetermined,  ///< the host answered that it does not know
  duplicate,     ///< the host takes it for a repeat of an older purchase
  client_lost,   ///< the client is gone and nobody waits for the host's answer
  host_silent,   ///< no answer in time
  host_lost,     ///< the link fell, or a part of the gateway failed
  approval_durable,
  approval_durable_unheard,  ///< the same, but the client is gone
  delivery_proven,
  delivery_failed,
  asked_again,  ///< the client got the stored approval
  undone,       ///< the client, the operator or a policy wants it reversed
  due_durable,
  attempt,          ///< its time has come, and the link and the terminal are free
  unanswered,       ///< no answer to the reversal in time, or the link fell
  confirmed,        ///< the host has reversed it
  system_error,     ///< the host asks to be asked again
  not_found_early,  ///< no such purchase, at a time when it might still arrive
  not_found,        ///< no such purchase, and none can arrive any more
  refused,          ///< any other answer
  settled,          ///< the time within which it might still have arrived is over
  exhausted,        ///< all attempts are used up
  late_approval,    ///< the host's yes, after the end
  late_decline,     ///< the host's no, after the end
  resolved,         ///< an operator took it on himself
};

enum class action : std::uint8_t {
  keep_intent,    ///< go on when durable: `intent_durable`
  write_request,  ///< then `written`
  answer_client,
  refuse_client,
  keep_approval,  ///< go on when durable: `approval_durable`
  pass_turn,      ///< the next message of the terminal may go
  pass_turn_to_reversal,
  keep_due,  ///< go on when durable: `due_durable`
  note_due,  ///< rides along: losing it loses nothing, for the intent alone says "reverse"
  write_reversal,
  wait,           ///< until the next attempt by the schedule
  wait_settling,  ///< until `settled`
  keep_parked,    ///< durable, then the alarm
  alarm,
  remember_reference,  ///< the host's fields 37 and 38, for the next reversal
  close,               ///< rides along; card data is erased
  close_durably,
};

/// A row of the table.
struct way {
  std::string_view id;  ///< "T08"
  state from;
  event on;
  std::vector<action> actions;
  state to;
};

/// All of it.
std::span<const way> ways();

/// What to do; nullptr where this cannot happen in that state.
const way* find(state from, event on);

bool is_final(state s);

/// Whether the host may hold money for it that no client knows of: these are the open cases.
bool is_open_case(state s);

std::string_view to_string(state s);
std::string_view to_string(event e);
std::optional<state> state_of(std::string_view text);

}  // namespace actors::lifecycle
