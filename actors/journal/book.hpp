// The book of purchases: what the journal says, in memory. No actor in it, no clock.
//
// It holds what is open, and for a day what has ended, to know late answers and repeated STANs.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/protocol/transaction.hpp"
#include "codec/dialect/dialect.hpp"
#include "config/settings.hpp"

namespace actors {

class book {
public:
  /// How long an ended purchase is remembered, and how many of them; the oldest is forgotten first.
  static constexpr std::chrono::hours retention{24};
  static constexpr std::size_t default_remembered_max = 250000;

  /// About how many are deleted from the disk at a time, so that nobody waits for long behind it.
  static constexpr std::size_t deleted_max = 5000;

  explicit book(const codec::dialect& d, std::size_t remembered_max = default_remembered_max)
    : dialect_(d), remembered_max_(remembered_max) {}

  const transaction* find(transaction_id id) const;

  /// Applies a decision at `now`. False, and nothing happens, where the purchase cannot take it.
  bool apply(const decision& d, time_point now, std::int64_t wall);

  /// The end of a replay, at `now`. Whatever an earlier process had at the host is to be reversed; what it
  /// had approved is unconfirmed. Those that are too many are taken out; their records stay on the disk until
  /// `forget_ended_before` names them.
  void finish_replay(time_point now);

  /// Up to `last` purchases came with a journal that was adopted; to be told before the replay. Since it was
  /// copied the client of one that was at the host may have been shown an approval, so it is unconfirmed too.
  void set_adopted(transaction_id last) { adopted_ = last; }
  transaction_id adopted() const { return adopted_; }

  /// Whether only an operator may have it reversed: it is unconfirmed and came with an adopted journal.
  bool is_operators(const transaction& p) const {
    return p.state == lifecycle::state::unconfirmed && p.id <= adopted_;
  }

  /// A purchase that stands in the way of `request`, which has the same TID and STAN; nullptr: none. What was
  /// ever sent is not sent again with the same field 12, whatever became of it: nobody could tell its late
  /// answers from those of the new one. `whole_day`: TID and STAN of an approved one may not be used again on
  /// its day of field 12.
  const transaction* find_stan_conflict(const codec::message& request, bool whole_day) const;

  /// For how long a reversal blocks its terminal at the most, and behind that until its first attempt is at
  /// its end.
  static constexpr std::chrono::seconds terminal_block_max{35};

  /// Whether money of this terminal must not move now: another transaction of it is at the host (where
  /// `locked`), or is to be reversed and blocks it.
  bool terminal_blocked(std::string_view tid, bool locked, time_point now) const;

  /// What a response without a request in flight belongs to: the youngest purchase with its TID and STAN that
  /// it does not contradict.
  const transaction* match(const codec::message& response) const;

  /// The purchase that a client's own reversal means, where that is not known to have been told its end.
  const transaction* original_of(const codec::message& reversal) const;

  /// Open cases, the oldest first.
  std::vector<transaction> cases() const;

  /// The oldest `max` of those behind `after`.
  std::vector<transaction> cases_after(transaction_id after, std::size_t max) const;

  /// All, the oldest first.
  const std::map<transaction_id, transaction>& all() const { return all_; }

  /// Those that are to be reversed, or are on the operator's list.
  std::size_t open_count() const { return open_.size(); }

  /// Takes out those that ended before `then` or are too many, and names those whose records may be deleted,
  /// some at a time. `on_disk`: there is a disk, so of those that are too many whoever has a key stays there
  /// until it ended before `then`.
  std::vector<transaction_id> forget_ended_before(time_point then, bool on_disk = false);

  /// Until when there are purchases with a key on the disk that are not here any more.
  std::optional<time_point> on_disk_alone_until() const {
    return on_disk_alone_.empty() ? std::nullopt : std::optional(on_disk_alone_.back().first + retention);
  }

  /// Those at the host or on their way to their client that nobody has in hand. Approvals that their client
  /// may still fetch are not among them: those are the registry's to wait for.
  std::set<transaction_id> abandoned() const;

  /// The highest there ever was.
  transaction_id last_id() const { return last_id_; }

private:
  bool begin(const decision& d, time_point now, std::int64_t wall);
  bool blocks_terminal(const transaction& t, bool locked, time_point now) const;
  void moved(const transaction& t);
  void forget(transaction_id id);
  void take_out_ended(time_point then, bool on_disk);

  const codec::dialect& dialect_;
  std::size_t remembered_max_;
  transaction_id adopted_ = 0;
  transaction_id last_id_ = 0;
  std::map<transaction_id, transaction> all_;
  std::set<transaction_id> open_;                                          // open cases
  std::set<transaction_id> under_way_;                                     // intent or delivering
  std::unordered_map<std::string, std::vector<transaction_id>> by_trace_;  // TID and STAN
  std::unordered_map<std::string, std::set<transaction_id>> moving_;       // by TID: intent, or reversal_due
  std::deque<std::pair<time_point, transaction_id>> ended_;
  std::deque<std::pair<time_point, transaction_id>> on_disk_alone_;  // taken out, within their time
  std::deque<transaction_id> to_delete_;  // taken out, with nothing on the disk that anyone needs
};

}  // namespace actors
