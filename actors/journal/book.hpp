// The book of transactions: the content of the journal, in memory. No actor, no clock.
//
// It has what is open, and for a day what has ended, to recognize late responses and repeated STANs. Most of
// what has ended is packed.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/journal/packed_transactions.hpp"
#include "actors/journal/taken_back.hpp"
#include "actors/journal/unanswered.hpp"
#include "actors/protocol/transaction.hpp"
#include "actors/protocol/upstreams.hpp"
#include "config/settings.hpp"

namespace actors {

class book {
public:
  /// How long an ended transaction is remembered, and how many are; the oldest is dropped first.
  static constexpr std::chrono::hours retention{24};
  static constexpr std::size_t default_remembered_max = 5'000'000;

  /// Of these, so many that ended last are not packed, and at most so many that can be asked for: by their
  /// id, their key, or the client's own STAN.
  static constexpr std::size_t recent_max = 1000, whole_max = 250'000;

  /// About how many records are deleted from the disk at a time, so that other writes do not wait long.
  static constexpr std::size_t deleted_max = 5000;

  explicit book(upstreams hosts, std::size_t remembered_max = default_remembered_max)
    : hosts_(std::move(hosts)), remembered_max_(remembered_max) {}

  /// Good until the next `forget_ended_before`, or until it changes.
  const transaction* find(transaction_id id) const;

  /// Whether it has ended as approved.
  bool has_approved(transaction_id id) const {
    const auto* t = find(id);
    return t && t->state == lifecycle::state::approved;
  }

  const upstreams& hosts() const { return hosts_; }

  /// That of its host.
  const codec::dialect& dialect_of(const transaction& t) const { return hosts_.dialect_of(t.upstream); }

  /// Applies a decision made at `now`; `wall`: seconds since 1970. Returns its transaction, which is good as
  /// with `find`; nullptr, and nothing changes, if the transaction's state does not allow it.
  const transaction* apply(const decision& d, time_point now, std::int64_t wall);

  /// Ends a replay at `now`. What an earlier process had at the host is to be reversed; what it had approved
  /// is unconfirmed. Ended transactions beyond the limit are dropped; their records stay on the disk until
  /// `forget_ended_before` returns them.
  void finish_replay(time_point now);

  /// Transactions up to `last` came with a journal that was adopted; call it before the replay. After the
  /// copy the client of a transaction at the host may have been shown an approval, so that one is unconfirmed
  /// too.
  void set_adopted(transaction_id last) { adopted_ = last; }
  transaction_id adopted() const { return adopted_; }

  /// Whether only an operator may have it reversed: it is unconfirmed and came with an adopted journal.
  bool is_operators(const transaction& p) const {
    return p.state == lifecycle::state::unconfirmed && p.id <= adopted_;
  }

  /// The transaction with the same TID and STAN that forbids `request`; nullptr: none. A request that was
  /// sent is never sent again with the same field 12, because its late responses could not be told from those
  /// of the new one. `whole_day`: TID and STAN of an approved transaction are not used again on its day of
  /// field 12.
  const transaction* find_stan_conflict(const codec::message& request, bool whole_day) const;

  /// Whether the host may still respond to another transaction of this upstream with the TID and STAN of this
  /// one, or repeat its response: then one that does not say its time may be meant for that. `of_reversal`:
  /// the same of reversals.
  bool has_namesake(const transaction& t, bool of_reversal, time_point now, std::int64_t wall) const;

  /// A request that moves no money is at its host, whose response has come, or does not come any more.
  void add_unanswered(const request_without_money& r, time_point now, std::int64_t wall);
  void answered_without_money(transaction_id id, time_point now) { unanswered_.answered(id, now); }
  void forget_unanswered(time_point now, std::int64_t wall);

  /// `transaction::begun`; of a client's own reversal that of its original, where it is certain which one it
  /// is.
  std::int64_t begun_of(const transaction& t) const;

  /// The longest time that a reversal blocks its terminal; after it, only until its first attempt has ended.
  static constexpr std::chrono::seconds terminal_block_max{35};

  /// Whether this terminal may not move money now: one of its transactions is at the host (if `locked`), or
  /// is to be reversed and blocks it.
  bool terminal_blocked(std::string_view tid, bool locked, time_point now) const;

  /// The transactions that an unmatched response may belong to: those with its TID and STAN that it does not
  /// contradict, the youngest first. `upstream`: the host that sent it.
  std::vector<const transaction*> matches(const codec::message& response,
                                          std::string_view upstream = {}) const;

  /// The transaction that a client's own reversal means, where the gateway may be reversing it, or that
  /// client's earlier reversal; nullptr if there is none, or if its client knows its end.
  const transaction* original_of(const codec::message& reversal) const;

  /// The same transaction of a client, whatever its state; nullptr if there is none, or if it is not certain
  /// which one it is.
  const transaction* meant_by(const codec::message& reversal) const;

  /// The youngest reversal of a client that this one, with the same STAN, time and amounts, repeats; nullptr:
  /// none.
  const transaction* repeated_by(const codec::message& reversal) const;

  /// The same of a reversal in the book: by its intent, by an earlier attempt, or by what is known now.
  const transaction* meant_by(const transaction& reversal) const;

  /// What a client's own reversal, which is in the book, takes back; nullptr where that is not known.
  std::shared_ptr<const codec::known_original> meaning_of(const transaction& reversal) const;

  /// Whether its client's own reversals have taken back all of an approved transaction, also part by part.
  bool is_taken_back(transaction_id id) const { return taken_back_.is_all(id); }

  /// Whether it may be one at this host or one at another: by its TID and STAN, either would reverse its own.
  bool may_mean_several_hosts(const codec::message& reversal) const;

  /// The public ids of the approved transactions that a raw client says it has by this message: `earlier`, by
  /// a request, those of its terminal with earlier STANs; else not more than one, and none where it is not
  /// certain which one is meant.
  std::vector<std::string> confirmed(const codec::message& by, bool earlier) const;

  /// Open cases, the oldest first.
  std::vector<transaction> cases() const;

  /// The oldest `max` of those behind `after`.
  std::vector<transaction> cases_after(transaction_id after, std::size_t max) const;

  /// How many of those that are packed were unpacked for a look since the last `forget_ended_before`.
  std::size_t unpacked_count() const { return looked_at_.size(); }

  /// How many there are.
  std::size_t size() const { return all_.size() + packed_.size(); }

  /// How many were dropped before their time, since there were too many.
  std::uint64_t forgotten_early() const { return forgotten_early_; }

  /// All that are not packed, the oldest first.
  const std::map<transaction_id, transaction>& all() const { return all_; }

  /// Transactions that are unconfirmed, to be reversed or parked.
  std::size_t open_count() const { return open_.size(); }
  const std::set<transaction_id>& open() const { return open_; }

  /// Drops transactions that ended before `then` or exceed the limit, and returns those whose records may be
  /// deleted, a limited number at a time. `on_disk`: there is a disk, so a dropped transaction with a key
  /// stays on it until it ended before `then`.
  std::vector<transaction_id> forget_ended_before(time_point then, bool on_disk = false);

  /// Until this time the disk may have transactions with a key that are not here; nothing: it has none.
  std::optional<time_point> on_disk_alone_until() const {
    return on_disk_alone_.empty() ? std::nullopt : std::optional(on_disk_alone_.back().first + retention);
  }

  /// Transactions at the host, or being delivered, that no actor has in hand. Approvals that a client may
  /// still fetch are not among them: the idempotency actor waits for those.
  std::set<transaction_id> abandoned() const;

  /// An earlier process has reserved STANs for its own messages to this host up to a number, in the record
  /// with this id.
  void reserve(transaction_id id, const std::string& upstream, std::uint64_t until);

  /// The last such record of each host. Those before it are deleted as ended transactions are.
  struct reserved_numbers {
    transaction_id record;
    std::uint64_t until;
  };
  const std::map<std::string, reserved_numbers>& reserved() const { return reserved_; }

  /// The highest id so far.
  transaction_id last_id() const { return last_id_; }

private:
  using table = std::map<transaction_id, transaction>;

  // Terminal and STAN.
  static std::string trace_of(const codec::message& m, std::string_view stan);
  static std::string trace_of(const codec::message& m);
  const transaction* begin(const decision& d, time_point now, std::int64_t wall);
  const transaction* open_packed(const decision& d, time_point now);
  void note_change(const transaction& t, time_point now, std::optional<lifecycle::state> before = {});
  void pack_ended();
  std::vector<const transaction*> with_trace(const std::string& trace) const;
  std::vector<transaction_id> packed_like(const codec::message& request, const std::string& trace,
                                          bool whole_day) const;
  bool has_packed_namesake(const transaction& t, bool of_reversal, time_point now, std::int64_t wall) const;
  std::vector<const transaction*> with_client_trace(const std::string& trace) const;
  std::vector<std::string> confirmed_by(const codec::message& confirmation) const;
  std::vector<std::string> confirmed_before(const codec::message& request) const;
  bool blocks_terminal(const transaction& t, bool locked, time_point now) const;
  void moved(const transaction& t, std::optional<lifecycle::state> before = {});
  void forget(table::iterator of);
  void take_out_ended(time_point then, bool on_disk);
  table::iterator find_last_end(std::pair<time_point, transaction_id> end);
  void drop(std::pair<time_point, transaction_id> end, time_point then, bool on_disk);
  std::vector<const transaction*> named_by(const codec::message& reversal) const;
  std::vector<const transaction*> candidates(const codec::message& reversal) const;
  void note_taken_back(const transaction& reversal, const decision& end);

  upstreams hosts_;
  std::size_t remembered_max_;
  transaction_id adopted_ = 0;
  transaction_id last_id_ = 0;
  table all_;
  std::set<transaction_id> open_;                                                 // open cases
  std::set<transaction_id> under_way_;                                            // intent or delivering
  std::unordered_map<std::string, std::vector<transaction_id>> by_trace_;         // TID and STAN
  std::unordered_map<std::string, std::vector<transaction_id>> by_client_trace_;  // where the STAN is ours
  std::unordered_map<std::string, std::set<transaction_id>> moving_;      // by TID: intent, or reversal_due
  std::unordered_map<std::string, std::set<transaction_id>> to_confirm_;  // by TID: by a client's message
  taken_back taken_back_;
  std::map<std::string, reserved_numbers> reserved_;
  unanswered_requests unanswered_;
  std::deque<std::pair<time_point, transaction_id>> ended_;            // the last ones
  std::deque<std::pair<time_point, transaction_id>> whole_;            // ended before those, and not packed
  packed_transactions packed_;                                         // the others that ended before
  mutable std::unordered_map<transaction_id, transaction> looked_at_;  // of `packed_`
  std::deque<std::pair<time_point, transaction_id>> on_disk_alone_;    // dropped here, still on the disk
  std::deque<transaction_id> to_delete_;  // dropped here, and not needed on the disk
  std::uint64_t forgotten_early_ = 0;
};

}  // namespace actors
