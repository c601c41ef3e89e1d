// The requests at the host: a table by key fields, with deadlines. No actor.
//
// It also remembers the keys that ended recently, to tell a late or duplicate response from an unknown one.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/core/message_log.hpp"
#include "actors/protocol/directory.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

/// What a response does that ends no request: "comes too late".
const char* meaning(unmatched why);

class in_flight {
public:
  struct entry {
    message_ptr request = nullptr;
    time_point deadline = {};
    caf::typed_response_promise<answer> promise = {};
    std::optional<caf::timespan> host_timeout = {};  ///< after the sending; nothing: until `deadline`
    transaction_id id = 0;                           ///< as in `submit`
    transaction_id reverses = 0;                     ///< as in `submit`
    bool is_echo = false;                            ///< the gateway's own: nobody waits for the promise
    bool is_step = false;                            ///< the same, of network management (network_talk)
    bool is_inquiry = false;  ///< a client's that moves no money, whose response is of a purchase's type
    std::shared_ptr<const reversal_parts> undoes = nullptr;        ///< as in `submit`
    std::shared_ptr<const codec::known_original> means = nullptr;  ///< as in `submit`
    message_ptr asked = nullptr;  ///< the gateway's message, where the host got one of its own dialect
    bool had_time = true;        ///< false: it had waited, and the host gets less than half of the usual time
    std::int64_t begun = 0;      ///< as in `submit`
    bool has_namesake = false;   ///< as in `submit`
    std::string public_id = {};  ///< for the log, as is the next
    std::string client = {};
    refusal_detail detail = {};  ///< of its refusal, if it is refused

    /// Whether the host seems to hang where it does not answer this. The gateway's own reversals and steps
    /// have little time, as has what has waited for long; a client may send network messages that the host
    /// ignores.
    bool counts_if_missed() const;

    /// The request as the gateway has it.
    const message_ptr& own() const { return asked ? asked : request; }

    /// Its transaction, or the one that it reverses.
    transaction_id transaction() const { return reverses != 0 ? reverses : id; }
    about subject() const { return {*request, transaction(), public_id}; }
  };

  /// How many ended keys are remembered; the oldest is dropped first.
  static constexpr std::size_t remembered_max = 16384;

  /// So long after a start the host may answer requests of an earlier process, which are not known here.
  static constexpr std::chrono::seconds unknown_for{300};

  explicit in_flight(const codec::dialect& dialect) : dialect_(dialect) {}

  /// Takes `e`, and returns it until it is removed; nullptr, and nothing is taken, if a request with this key
  /// is in flight.
  const entry* add(entry&& e);

  struct paired {
    std::optional<entry> match;
    unmatched why = unmatched::unknown;  ///< if there is no match
    transaction_id of = 0;               ///< the transaction that had its key, if one is known
    /// It approves what moves no money, and does not say its time: so it may as well approve, late, a
    /// purchase with the same TID and STAN that only the journal knows.
    bool may_approve_another = false;
  };

  /// Removes the request that `response` answers.
  paired take(const codec::message& response, time_point now);

  /// Removes the client's request, or the gateway's reversal, that the host rejects by this message, where it
  /// can be no other.
  std::optional<entry> take_rejected(const codec::message& reject, time_point now);

  /// Removes those whose deadline has come.
  std::vector<entry> expire(time_point now);

  /// Removes everything.
  std::vector<entry> clear(time_point now);

  bool empty() const { return by_key_.empty(); }
  std::size_t size() const { return by_key_.size(); }

  /// Logs that this one ends without a response.
  static void log_refusal(const entry& e, refusal why);

private:
  struct ended {
    unmatched later;
    transaction_id of;  // the transaction that it was, or reversed
    time_point at;
    std::optional<transaction_id> unanswered;  // the last one with this key whose response is missing
  };
  using deadlines = std::multimap<time_point, const std::string*>;
  struct place {
    entry held = {};
    deadlines::iterator deadline = {};
  };
  using table = std::unordered_map<std::string, place>;

  bool is_echoed_by(const codec::message& response, const entry& e) const;
  bool is_money(const entry& e) const;
  bool may_be_of_another(const std::string& key, const codec::message& response, const entry& of,
                         time_point now) const;
  paired take_partial(const std::string& key, const codec::message& response, time_point now);
  entry remove(table::iterator it, unmatched later, time_point now);
  void remember(std::string key, unmatched later, const entry& of, time_point now);

  const codec::dialect& dialect_;
  table by_key_;
  std::optional<time_point> first_look_;  // the first expire()
  std::size_t partial_ = 0;               // of by_key_: requests that lack pairing fields
  deadlines by_deadline_;                 // points to the keys of by_key_, which never move
  std::unordered_map<std::string, ended> ended_;
  std::deque<const std::string*> ended_order_;  // points to the keys of ended_, which never move
};

/// What an upstream has to do. `promise`: for its end.
in_flight::entry entry_of(submit& s, const caf::typed_response_promise<answer>& promise);

}  // namespace actors
