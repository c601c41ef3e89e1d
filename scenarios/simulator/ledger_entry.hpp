// Everything that happened to one transaction: at its client, on the wire, at the bank, on the disk. The
// gateway knows a part of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "actors/protocol/transaction.hpp"
#include "actors/transaction/lifecycle.hpp"
#include "codec/dialect/dialect.hpp"
#include "codec/fields.hpp"
#include "codec/message.hpp"
#include "scenarios/player/memory_link.hpp"
#include "scenarios/simulator/agenda.hpp"

namespace simulator {

/// The client's protocol.
enum class client_protocol : std::uint8_t { raw, legacy, v1 };

struct ledger_entry;

/// A transaction of the journal, by its records on the disk; a client's own reversal has one too.
struct journal_entry {
  std::uint64_t id = 0;
  ledger_entry* of = nullptr;
  bool own_reversal = false;
  actors::lifecycle::state state = actors::lifecycle::state::intent;
  bool approved = false;        ///< a record says so
  bool approved_late = false;   ///< a record says so: the approval came when it was reversal_due
  bool sent = false;            ///< its request was seen on the wire
  bool reversal_sent = false;   ///< since reversal_due
  std::uint64_t intent_at = 0;  ///< sequence of that record
  std::uint64_t due_at = 0;     ///< the same of reversal_due; 0: due by its intent alone
  time_point due_when{};        ///< when that was durable
  int attempts = 0;
};

/// A connection on which a client has read an approval, and the offset of the approval's end in its bytes.
struct showing {
  player::connection_ptr line;
  std::uint64_t end;
};

/// A client's request for a transaction. With an Idempotency-Key all its repeats are one requester; without
/// one each request is another's.
struct requester {
  client_protocol how = client_protocol::raw;
  actors::delivery delivery = actors::delivery::tcp;
  std::string key;                   ///< Idempotency-Key, or what stands for one
  std::string transaction;           ///< the id that it received
  bool knows_failure = false;        ///< by its key or id: declined, or failed for good
  time_point knows_failure_since{};  ///< when it read so first
  bool confirmed = false;            ///< it has read that its confirmation counts
  std::vector<showing> shown;

  bool by_key() const { return !key.empty(); }
  /// It has read an approval that stands by its delivery, and the sender could know so.
  bool has_approval() const {
    if (delivery == actors::delivery::confirm)
      return confirmed;
    return std::ranges::any_of(shown,
                               [](const showing& s) { return !s.line->has_lost_acknowledgement_of(s.end); });
  }
};

/// A client's own reversal of its purchase: what the client has learned of its end.
struct own_reversal {
  enum class response : std::uint8_t {
    none,  ///< not yet, or never
    done,
    refused,  ///< any code by which a client takes its purchase to stand
    unclear,  ///< the bank takes it for a repeat, or knows no such purchase
  };
  time_point asked_at{};
  response read = response::none;
  time_point gone_at{};  ///< when its client has left without a response
};

// Identified by terminal, STAN, time and amount: a request that repeats them is for the same transaction.
struct ledger_entry {
  std::uint64_t amount = 0;  ///< unique in the run
  std::string tid, stan, time;
  std::string body;   ///< of an HTTP request
  std::string frame;  ///< of a raw request

  // The clients.
  std::deque<requester> requesters;
  int asked_times = 0;
  time_point first_asked{};
  bool gone = false;  ///< a client disconnected before its response
  std::deque<own_reversal> own_reversals;
  /// The bank has not done one of them when its client had left long ago, so it must be repeated.
  bool not_done_unheard = false;

  // The operator.
  bool operator_decides = false;  ///< an open case of it was reversed or ended by an operator

  // The wire.
  int sent = 0;
  time_point last_sent{};

  // The bank.
  int held = 0;  ///< how often the bank holds the amount
  bool was_applied = false;
  bool may_apply_later = false;
  bool comes_far_too_late = false;  ///< the bank takes the money after its reversal has ended, and says so
  bool misleads = false;            ///< the bank reports each reversal of it as a repeat, until it behaves
  bool denied = false;              ///< it reports each reversal as one of nothing that it knows, until then
  bool answers_reversals_late = false;  ///< after the gateway's timeout, or after its next attempt
  int reversals_received = 0;
  int own_attempts = 0;           ///< how often a client's own reversal of it was sent
  bool attempt_is_open = false;   ///< a reversal was sent, and no response has come back in time
  bool attempt_was_lost = false;  ///< that has happened to one, as far as the gateway can know
  time_point attempt_at{};
  /// The gateway may take that response for one to a later attempt.
  bool reversal_answered_in_standstill = false;
  std::string reference;  ///< field 37

  // The disk.
  std::vector<journal_entry*> kept;  ///< the oldest first
  bool was_unconfirmed = false;

  struct occurrence {
    time_point when;
    std::string what;
  };
  std::vector<occurrence> history;

  /// Whether a message has its terminal and STAN.
  bool is_named_by(const codec::message& m) const {
    using codec::without_leading_zeros;
    return without_leading_zeros(m[codec::fields::tid]) == without_leading_zeros(tid) &&
           without_leading_zeros(m[codec::fields::stan]) == without_leading_zeros(stan);
  }

  /// The gateway's disk has a record that the bank has approved it.
  bool is_known_to_be_approved() const {
    return std::ranges::any_of(
      kept, [](const journal_entry* k) { return !k->own_reversal && (k->approved || k->approved_late); });
  }
  /// A client has asked to reverse it, and has not read that this is refused.
  bool client_reverses() const {
    return std::ranges::any_of(
      own_reversals, [](const own_reversal& r) { return r.read != own_reversal::response::refused; });
  }
  /// A client has read that its reversal is done.
  bool client_has_reversed() const {
    return std::ranges::any_of(own_reversals,
                               [](const own_reversal& r) { return r.read == own_reversal::response::done; });
  }
  int approvals_read() const {
    return static_cast<int>(
      std::ranges::count_if(requesters, [](const requester& a) { return !a.shown.empty(); }));
  }
  int approvals_that_stand() const {
    return static_cast<int>(std::ranges::count_if(requesters, &requester::has_approval));
  }
};

}  // namespace simulator
