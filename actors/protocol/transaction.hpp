// A transaction as the journal has it, and the decisions about it that the journal writes.
#pragma once

#include <caf/all.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/transaction/lifecycle.hpp"
#include "codec/message.hpp"

namespace actors {

using message_ptr = std::shared_ptr<const codec::message>;
using time_point = caf::actor_clock::time_point;

/// Ascending, and never used twice in one journal. 0: none.
using transaction_id = std::uint64_t;

/// What proves that the client has its approval (docs/LIFECYCLE.md).
enum class delivery : std::uint8_t {
  tcp,                 ///< its TCP has acknowledged every byte of the response
  idempotent,          ///< the same; and it may fetch a lost response by its key for a while
  confirm,             ///< it confirms the response
  confirm_by_message,  ///< the same, of a raw client; what it has not confirmed is reversed after a restart
};

/// What a client asks for beside the message.
struct client_options {
  delivery how = delivery::tcp;
  std::string public_id;  ///< given to the client; empty: none
  std::string key;        ///< the fingerprint of the client's key; empty: none
  std::string digest;     ///< the fingerprint of the request
};

/// HTTP clients and raw clients have separate keys: a client of one kind cannot use a key of the other.
inline std::string http_key(const std::string& idempotency_key) { return "http/" + idempotency_key; }

/// Shared by all actors that have one transaction in hand, from its intent to its end.
struct custody {
  std::size_t holders = 0;
  bool revoked = false;    ///< its reversal is decided: the approval is not shown any more
  bool by_client = false;  ///< by its client's own reversal
};

/// Owned by the actor that has a transaction in hand: its queue, then its session. If no actor has it in hand
/// and it has not ended, the actor stopped without a report, and the journal reverses the transaction. The
/// journal knows it by this count, not by a timeout.
class in_hand {
public:
  in_hand() = default;
  explicit in_hand(std::shared_ptr<custody> of) : of_(std::move(of)) { count(1); }
  ~in_hand() { count(-1); }
  in_hand(const in_hand& other) : of_(other.of_) { count(1); }
  in_hand(in_hand&& other) noexcept : of_(std::move(other.of_)) {}
  in_hand& operator=(in_hand other) noexcept {
    std::swap(of_, other.of_);
    return *this;
  }

  bool revoked() const { return of_ && of_->revoked; }
  const std::shared_ptr<custody>& of() const { return of_; }

private:
  void count(int change) {
    if (of_)
      of_->holders += static_cast<std::size_t>(change);
  }

  std::shared_ptr<custody> of_;
};

/// Why a transaction is reversed. Their names stand on disks (`to_string`).
enum class cause : std::uint8_t {
  none,
  timed_out,        ///< the host did not respond in time
  host_lost,        ///< the link fell before the host's response
  failed,           ///< a part of the gateway failed while it was under way
  undelivered,      ///< its client has disconnected, or does not have the approval
  undetermined,     ///< the host responded that the outcome is undetermined; the client got that response
  late_approval,    ///< the host approved it after it had ended
  client_reversal,  ///< its client asked for it
  unconfirmed,      ///< policy: no client has asked for it since a restart
  interrupted,      ///< an earlier process had sent it, and stopped
  rejected,         ///< the host has rejected it, and may have processed it
  operator_,        ///< an operator asked for it
};
std::string_view to_string(cause why);

/// The cause with this name; `operator_` for any other text.
cause cause_called(std::string_view name);

/// A decision about a transaction. Their numbers stand on disks.
struct decision {
  enum class kind : std::uint8_t {
    intent = 1,         ///< it may be sent from now on
    approved = 2,       ///< the host has approved it
    reversal_due = 3,   ///< it is to be reversed
    attempt = 4,        ///< a reversal was sent, or has ended (`attempt_is`)
    parked = 5,         ///< it could not be reversed
    delivered = 6,      ///< the client has its approval
    closed = 7,         ///< it has ended
    approved_late = 8,  ///< the host has approved, late, what is to be reversed
    numbers = 9,        ///< of no transaction: STANs of the gateway's own are reserved (core/own_numbers)
    unanswered = 10,    ///< of no transaction: a request without money is at its host
  };
  /// The result of an attempt.
  enum class attempt_state : std::uint8_t { sent, answered, lost };
  kind what;
  transaction_id id;
  message_ptr message = nullptr;  ///< of an intent: the request; else the host's response, if there was one
  client_options options = {};    ///< of an intent
  std::string why = {};           ///< for people
  std::string who = {};           ///< the operator, if one decided it
  std::string code = {};          ///< field 39 of the host's response to a reversal
  int attempt = 0;
  attempt_state attempt_is = attempt_state::answered;
  lifecycle::state outcome = lifecycle::state::cancelled;  ///< of `closed`
  cause because = cause::none;                             ///< of `reversal_due`
  std::string upstream = {};                               ///< of an intent: the host that it is for
  bool own_stan = false;         ///< of an intent: the gateway gave its STAN, and may give another
  std::string client_stan = {};  ///< of an intent: its client's STAN, where the host gets another
  std::uint16_t card_mark = 0;   ///< of an intent that was read: that of its card; 0: not known
  std::vector<std::string> stans_at_host =
    {};                         ///< of an intent: of its terminal's messages that are under way
  std::uint64_t host_mark = 0;  ///< of an intent: that of its host (`environment::mark_of`)
  transaction_id original = 0;  ///< of a client's own reversal's intent or attempt: what it means
};

struct transaction {
  transaction_id id = 0;
  lifecycle::state state = lifecycle::state::intent;  ///< the last durable one
  message_ptr request;  ///< complete while it is open in the process that accepted it; else what was stored
  std::string card;     ///< masked; empty in a process that has not seen it
  std::uint16_t card_mark = 0;  ///< its mark (codec/privacy/retention); 0: not known
  client_options options;
  std::string trace;                ///< its TID and STAN, by which the book finds it
  std::string client_stan;          ///< its client's STAN, where the request has one of the gateway's own
  std::string upstream;             ///< the host that it is for
  std::int64_t begun = 0;           ///< when it was to be sent: wall clock, local, seconds since 1970
  std::uint64_t host_mark = 0;      ///< that of its host then (`environment::mark_of`); 0: not known
  transaction_id original = 0;      ///< of a client's own reversal: what it means; 0: not known
  message_ptr response;             ///< the one that the client got, or may ask for
  bool host_agreed = false;         ///< the host has approved it once; a later decline does not count
  std::string approved_amount;      ///< field 4 of the host's approval; empty: the request's
  codec::message reference_fields;  ///< what the reversal repeats of the host's response: fields 37 and 38
  std::string reversed_reference;   ///< field 37 of the reversed transaction
  cause because = cause::none;      ///< of its reversal
  std::string why;                  ///< the cause, or why it is parked, for people
  std::string code;                 ///< field 39 of the last response to its reversal
  int attempts = 0;                 ///< reversals that were sent and have ended
  bool attempt_under_way = false;   ///< one more was sent and has not ended
  bool attempt_lost = false;        ///< one got no response, so it may have worked
  bool attempt_unrecorded = false;  ///< an earlier process may have sent one more
  bool last_answered = false;       ///< whether the last one that has ended got a response
  std::int64_t last_ended = 0;      ///< when it ended: wall clock, seconds; 0: not known
  time_point late_arrival_until{};  ///< after this time the request cannot reach the host any more
  time_point since{};               ///< the time of its last decision
  std::shared_ptr<custody> hands = std::make_shared<custody>();
};

/// What the host has approved; as long as it has not, what it was asked for. Digits of field 4.
std::string_view amount_of(const transaction& t);

/// What the host has said of it that its reversal needs: fields 37 and 38, and field 4, what it has approved,
/// where that was heard.
codec::message heard_of(const transaction& t);

}  // namespace actors
