// What really happened to one purchase: at its client, on the wire, at the bank, on the disk. The gateway
// knows a part of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "actors/protocol/transaction.hpp"
#include "actors/transaction/lifecycle.hpp"
#include "scenarios/player/memory_link.hpp"
#include "scenarios/simulator/agenda.hpp"

namespace simulator {

/// How a client speaks.
enum class client_protocol : std::uint8_t { raw, legacy, v1 };

struct ledger_entry;

/// A purchase of the journal, as its records on the disk tell; a client's own reversal has one too.
struct journal_entry {
  std::uint64_t id = 0;
  ledger_entry* of = nullptr;
  bool own_reversal = false;
  actors::lifecycle::state state = actors::lifecycle::state::intent;
  bool approved = false;        ///< so says a record
  bool approved_late = false;   ///< the same, of one that came when it was to be reversed
  bool sent = false;            ///< its request was seen on the wire
  bool reversal_sent = false;   ///< since it is due
  std::uint64_t intent_at = 0;  ///< sequence of that record
  std::uint64_t due_at = 0;     ///< the same; 0: by its intent alone
  time_point due_when{};        ///< when that was durable
  int attempts = 0;
};

/// A connection on which somebody has read an approval, and where in its bytes that ended.
struct showing {
  player::connection_ptr line;
  std::uint64_t end;
};

/// One who asks for it. By an Idempotency-Key it is the same one, however often; without one each question is
/// another's.
struct asker {
  client_protocol how = client_protocol::raw;
  actors::delivery terms = actors::delivery::tcp;
  std::string key;          ///< Idempotency-Key, or what stands for one
  std::string transaction;  ///< the id that it was told
  bool told_no = false;     ///< by its key or id: declined, or failed for good
  time_point told_no_at{};  ///< when it read so first
  bool confirmed = false;   ///< and it has read that this counts
  std::vector<showing> shown;

  bool by_key() const { return !key.empty(); }
  /// It has read an approval that stands by its contract, and whoever sent it could know so.
  bool has_approval() const {
    if (terms == actors::delivery::confirm)
      return confirmed;
    return std::ranges::any_of(shown,
                               [](const showing& s) { return !s.line->has_lost_acknowledgement_of(s.end); });
  }
};

// What terminal, STAN, time and amount say. Whoever says the same again asks for the same.
struct ledger_entry {
  std::uint64_t amount = 0;  ///< no other purchase of the run has it
  std::string tid, stan, time;
  std::string body;   ///< of an HTTP request
  std::string frame;  ///< of a raw request

  // The clients.
  std::deque<asker> askers;
  int asked_times = 0;
  time_point first_asked{};
  bool gone = false;          ///< a connection that asked was left
  bool own_reversal = false;  ///< a client has asked to undo it
  bool own_reversal_done = false;

  // The operator.
  bool operator_decides =
    false;  ///< an open case of it was reversed, or ended otherwise, at an operator's word

  // The wire.
  int sent = 0;
  time_point last_sent{};

  // The bank.
  int held = 0;  ///< how often it holds the amount
  bool was_applied = false;
  bool may_apply_later = false;
  bool misleads = false;  ///< whatever is to be reversed, it says that this is a repeat, until it calms down
  bool answers_reversals_late = false;  ///< when the gateway waits no more, or has sent the next attempt
  int reversals_heard = 0;
  bool attempt_is_open = false;   ///< a reversal was sent, and no answer has come back in time
  bool attempt_was_lost = false;  ///< so it was of one, for all that the gateway can know
  time_point attempt_at{};
  /// The gateway may take that answer for one to a later attempt.
  bool reversal_answered_in_standstill = false;
  std::string reference;  ///< field 37

  // The disk.
  std::vector<journal_entry*> kept;  ///< the oldest first
  bool was_unconfirmed = false;

  struct happening {
    time_point when;
    std::string what;
  };
  std::vector<happening> history;

  /// That the bank has approved it stands on the gateway's disk.
  bool is_known_to_be_approved() const {
    return std::ranges::any_of(
      kept, [](const journal_entry* k) { return !k->own_reversal && (k->approved || k->approved_late); });
  }
  int approvals_read() const {
    return static_cast<int>(std::ranges::count_if(askers, [](const asker& a) { return !a.shown.empty(); }));
  }
  int approvals_that_stand() const {
    return static_cast<int>(std::ranges::count_if(askers, &asker::has_approval));
  }
};

}  // namespace simulator
