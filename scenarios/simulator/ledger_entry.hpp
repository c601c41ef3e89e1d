// Everything that happened to one transaction: at its client, on the wire, at the bank, on the disk. The
// gateway knows a part of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <numeric>
#include <set>
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

/// As in field 4.
std::string amount_text(std::uint64_t amount);

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
  std::uint64_t part = 0;    ///< the amount that it takes back; 0: all
  bool is_its_card = false;  ///< it names the card of its purchase, or none
  response read = response::none;
  time_point read_at{};  ///< when its client read that
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
  int held = 0;                           ///< how often the bank holds the amount, or what is left of it
  std::uint64_t approved = 0;             ///< the amount that it has taken: the whole, or less
  std::vector<std::uint64_t> given_back;  ///< parts of that
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
  /// A client has asked to reverse it, perhaps by parts that are all of it, and has not read a refusal.
  bool client_reverses() const {
    return is_all([](const own_reversal& r) { return r.read != own_reversal::response::refused; });
  }
  /// A client has read that its reversal is done, or that those of all its parts are.
  bool client_has_reversed() const {
    return is_all([](const own_reversal& r) { return r.read == own_reversal::response::done; });
  }
  /// The same before that moment, and the gateway can know that they mean this purchase.
  bool client_had_reversed(time_point then) const {
    return is_all([then](const own_reversal& r) {
      return r.read == own_reversal::response::done && r.is_its_card && r.read_at < then;
    });
  }
  int approvals_read() const {
    return static_cast<int>(
      std::ranges::count_if(requesters, [](const requester& a) { return !a.shown.empty(); }));
  }
  int approvals_that_stand() const {
    return static_cast<int>(std::ranges::count_if(requesters, &requester::has_approval));
  }
  /// The part of a reversal of its client that has this amount, 0: none.
  std::uint64_t part_named(std::string_view text) const {
    const auto it = std::ranges::find_if(
      own_reversals, [text](const own_reversal& r) { return r.part != 0 && amount_text(r.part) == text; });
    return it == own_reversals.end() ? 0 : it->part;
  }
  bool is_approved_in_part() const { return was_applied && approved < amount; }

private:
  /// Whether those reversals of its client that are `such` take back all that the bank has approved.
  template <class Such>
  bool is_all(Such such) const {
    std::set<std::uint64_t> parts;
    for (const auto& r : own_reversals)
      if (such(r))
        parts.insert(r.part == 0 ? std::max(approved, std::uint64_t{1}) : r.part);
    return !parts.empty() && std::accumulate(parts.begin(), parts.end(), std::uint64_t{0}) >= approved;
  }
};

}  // namespace simulator
