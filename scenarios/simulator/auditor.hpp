// Observes everything that happens and reports at once what must never happen.
//
// The auditor compares what clients have read with what the bank holds; the gateway's own view does not
// count. The names M1 to M6 are those of docs/LIFECYCLE.md. It reads the disk only to check what must be
// durable before something is sent (J1 to J3), what is open there (M2), and that it has no card data (S1).
//
// The one known gap of the deliveries `tcp` and `idempotent`: a client has read an approval, but the
// acknowledgement was lost with the connection. The simulated network knows whether that was so; such
// transactions are counted. Under `confirm` there are none.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "actors/journal/book.hpp"
#include "codec/dialect/dialect.hpp"
#include "codec/fields.hpp"
#include "config/settings.hpp"
#include "scenarios/player/memory_disk.hpp"
#include "scenarios/simulator/ledger_entry.hpp"
#include "scenarios/simulator/random_source.hpp"
#include "scenarios/simulator/tally.hpp"

namespace simulator {

struct violation {
  std::string invariant;  ///< "M1"
  std::string what;       ///< a sentence
  const ledger_entry* about = nullptr;
};

/// Marks a client's own reversal, so that it is not taken for the gateway's.
inline constexpr int own_mark_field = 32;
inline constexpr const char* own_mark = "99";

/// An amount that the bank names where it errs.
inline constexpr std::uint64_t reserved = 7;

/// A balance inquiry moves no money. It has the terminal and STAN of a purchase, and no amount.
inline bool is_balance_inquiry(const codec::message& m) {
  return m.mti() == "0200" && m[codec::fields::processing_code].starts_with("31");
}

class auditor {
public:
  auditor(const config::settings& s, const codec::dialect& d, std::function<time_point()> now)
    : settings_(s), dialect_(d), now_(std::move(now)) {}
  auditor(const auditor&) = delete;
  auditor& operator=(const auditor&) = delete;

  ledger_entry& new_purchase();
  ledger_entry* find(std::string_view amount);
  /// A part of an amount of `t`; neither it nor the rest is an amount of another purchase. 0: there is none.
  std::uint64_t part_of(ledger_entry& t, std::uint64_t whole, random_source& random);
  /// Whether another purchase has its terminal and STAN: a response without amount and time may be of both.
  bool has_namesake(const ledger_entry& t) const;
  std::deque<ledger_entry>& all() { return entries_; }

  /// The first violation of the run.
  const std::optional<violation>& found() const { return found_; }
  void fail(const char* invariant, std::string what, const ledger_entry* about = nullptr);

  void note(ledger_entry& t, std::string what) { t.history.push_back({now_(), std::move(what)}); }

  // --- what happens ----------------------------------------------------------

  /// Bytes of the gateway have left for the host, whether they arrive or not.
  void on_wire(const codec::message& m);
  /// The link has changed, or an actor has failed: what is in flight is given up.
  void disturbed();
  /// The gateway's process is suspended until `resumed`. What the bank sends meanwhile it reads then, perhaps
  /// after its next attempt.
  void suspended() { is_suspended_ = true; }
  void resumed() { is_suspended_ = false; }
  bool disturbed_since(time_point then) const { return disturbed_at_ >= then; }

  void applied(ledger_entry& t);
  void reversed(ledger_entry& t);
  void part_reversed(ledger_entry& t, std::uint64_t amount);
  /// The bank's response is on its way to the gateway.
  void bank_says(ledger_entry& t, const codec::message& response);

  /// A client has read this about its transaction, in answer to a request of `asked_at`. `lasts`: an answer
  /// that must never change.
  void on_approval(ledger_entry& t, requester& a, showing where, bool lasts, time_point asked_at);
  /// The client reads that its confirmation was accepted.
  void on_confirmation(ledger_entry& t, requester& a);
  void on_failure(ledger_entry& t, requester& a, bool lasts, const std::string& how);
  void on_own_reversal(ledger_entry& t, own_reversal& r, const codec::message& response);

  /// An operator sends a request to reverse or end this open case.
  void operator_may_decide(std::uint64_t id);
  /// An operator's request for this case was reported as done. `ends`: the case is ended by hand, and the
  /// bank's ledger was put right by hand; else it is reversed. `was_listed`: it was an open case at the time
  /// of the request.
  void operator_was_obeyed(std::uint64_t id, bool ends, bool was_listed);
  bool is_listed(std::uint64_t id) const;
  std::uint64_t highest_id() const { return kept_.empty() ? 0 : kept_.back().id; }

  /// Whether a client may still read something that its kernel has received.
  std::function<bool(const ledger_entry&)> may_still_read = [](const ledger_entry&) { return false; };

  /// Reads the new records of the disk.
  void read(const player::memory_disk& disk);
  /// A start has replayed the disk: its states must be those of the records.
  void started(const actors::book& pages);
  void log_line(const std::string& line);

  // --- at the end ------------------------------------------------------------

  /// Whether every transaction has ended, or is an approval that its client may have.
  bool at_rest() const;
  /// The transactions that have not.
  std::string unrest() const;
  /// Checks the whole run, when at rest.
  void judge(const actors::book& pages);

  tally sums;
  std::uint64_t refusals_read = 0;  ///< of clients' own reversals

private:
  struct outstanding {
    std::string mti, stan;
    const ledger_entry* of;
    time_point until;  // the gateway gives it up then at the earliest
    time_point sent_at;
  };

  void purchase_on_wire(ledger_entry& t, const codec::message& m);
  void reversal_on_wire(ledger_entry& t, const codec::message& m);
  void amount_on_wire(const ledger_entry& t, const codec::message& m);
  void part_is_done(ledger_entry& t, const own_reversal& r);
  void one_at_a_time(ledger_entry& t, const codec::message& m, bool own);
  void turn_of(const journal_entry& next);
  void take_record(const store::record& r, const store::contents& all);
  void take_intent(const store::record& r, const store::contents& all);
  void take_decision(journal_entry& k, actors::decision::kind what, const store::record& r);
  void balance(ledger_entry& t);
  void money(ledger_entry& t, const std::string& what);
  bool may_fail_yet(const ledger_entry& t) const;
  void not_done(ledger_entry& t) const;
  bool is_in_time(const ledger_entry& t, const codec::message& response) const;
  void search(std::string_view bytes, const char* where, bool on_disk = true);
  static bool is_open(const journal_entry& k);

  const config::settings& settings_;
  const codec::dialect& dialect_;
  std::function<time_point()> now_;
  std::optional<violation> found_;
  std::deque<ledger_entry> entries_;                // by amount
  std::map<std::uint64_t, ledger_entry*> smaller_;  // amounts of which they are parts
  std::deque<journal_entry> kept_;
  std::unordered_map<std::uint64_t, journal_entry*> by_id_;
  std::map<std::string, std::vector<journal_entry*>> by_tid_;
  std::map<std::string, std::vector<outstanding>> at_host_;  // by TID
  time_point disturbed_at_{};
  bool is_suspended_ = false;
  std::uint64_t read_to_ = 0;  // sequence
};

}  // namespace simulator
