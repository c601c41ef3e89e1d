// One transaction as the journal knows it, and the decisions about it that the journal writes.
#pragma once

#include <caf/all.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "actors/transaction/lifecycle.hpp"
#include "codec/message.hpp"

namespace actors {

using message_ptr = std::shared_ptr<const codec::message>;
using time_point = caf::actor_clock::time_point;

/// Ascending with age, and never used twice with one journal. 0: none.
using transaction_id = std::uint64_t;

/// What proves that the client has its approval (docs/LIFECYCLE.md).
enum class delivery : std::uint8_t {
  tcp,         ///< its TCP has acknowledged every byte of the answer
  idempotent,  ///< as tcp; and it may fetch a lost answer again, for a while, by its key
  confirm,     ///< it says so
};

/// What a client asked for beside the message itself.
struct client_options {
  delivery how = delivery::tcp;
  std::string public_id;  ///< that the client was told; empty: none
  std::string key;        ///< the fingerprint of the key under which it may ask again; empty: none
  std::string digest;     ///< the fingerprint of what it asked
};

/// Keys of HTTP and of raw clients have a space each: nobody of the one can name a key of the other.
inline std::string http_key(const std::string& idempotency_key) { return "http/" + idempotency_key; }

/// What all share who have a purchase in hand, from its intent to its end.
struct custody {
  std::size_t holders = 0;
  bool revoked = false;  ///< it is decided that it is reversed: nobody may be shown its approval any more
};

/// Held by the actor that has a transaction in hand: its queue, then its session. When nobody holds it any
/// more and it has not ended, who had it has died without a word; the journal, which knows that by this alone
/// and by no clock, then reverses it.
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
  timed_out,        ///< the host did not answer in time
  host_lost,        ///< the link fell before the host's answer
  failed,           ///< a part of the gateway failed while it was under way
  undelivered,      ///< nobody was left to be told of the approval, or its client does not have it
  undetermined,     ///< the host has answered that it does not know; the client was told so
  late_approval,    ///< the host approved it after its end
  client_reversal,  ///< its client wants it
  unconfirmed,      ///< policy: no client has asked for it since a restart
  interrupted,      ///< an earlier process had it at the host
  operator_,        ///< an operator wants it
};
std::string_view to_string(cause why);

/// The cause that is called so; `operator_` for any other text.
cause cause_called(std::string_view name);

/// A decision about a purchase. Their numbers stand on disks.
struct decision {
  enum class kind : std::uint8_t {
    intent = 1,        ///< it may be sent from now on
    approved = 2,      ///< the host said yes
    reversal_due = 3,  ///< it is to be reversed
    attempt = 4,       ///< a reversal is sent, or has come to its end (`attempt_is`)
    parked = 5,        ///< it could not be reversed
    delivered = 6,     ///< the client has its approval
    closed = 7,        ///< it has ended
    heard = 8,         ///< the host said yes to what is to be reversed
  };
  /// What is known of an attempt.
  enum class attempt_state : std::uint8_t { sent, answered, lost };
  kind what;
  transaction_id id;
  message_ptr message = nullptr;  ///< of an intent: the request; else what the host said, if it did
  client_options options = {};    ///< of an intent
  std::string why = {};           ///< for people
  std::string who = {};           ///< an operator, where it was one
  std::string code = {};          ///< field 39 of the host's answer to a reversal
  int attempt = 0;
  attempt_state attempt_is = attempt_state::answered;
  lifecycle::state outcome = lifecycle::state::cancelled;  ///< of `closed`
  cause because = cause::none;                             ///< of `reversal_due`
};

struct transaction {
  transaction_id id = 0;
  lifecycle::state state = lifecycle::state::intent;  ///< as far as it is durable
  message_ptr request;  ///< whole while it is open in the process that took it; else what was kept of it
  std::string card;     ///< masked
  client_options options;
  std::int64_t begun = 0;           ///< wall clock, seconds since 1970
  message_ptr response;             ///< what the client was told, or may ask for
  bool host_agreed = false;         ///< it has said yes once; a later no of its does not count
  codec::message heard;             ///< what the host said that its reversal should repeat: fields 37 and 38
  std::string reversed_reference;   ///< field 37 of what has been reversed
  cause because = cause::none;      ///< of its reversal
  std::string why;                  ///< the same, or why it is on the list, for people
  std::string code;                 ///< field 39 of the last answer to its reversal
  int attempts = 0;                 ///< reversals sent and at their end
  bool attempt_under_way = false;   ///< one more is sent, and not at its end
  bool attempt_lost = false;        ///< one stayed unanswered, so it may have worked
  time_point late_arrival_until{};  ///< from then on the host cannot get to know it any more
  time_point since{};               ///< when its last decision was made
  std::shared_ptr<custody> hands = std::make_shared<custody>();
};

}  // namespace actors
