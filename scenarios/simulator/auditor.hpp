// Knows what really happens, and says at once when it is what must never happen.
//
// The names M1 to S1 are those of docs/LIFECYCLE.md. The gap that M1 grants to the contract `tcp`, an approval that was read
// and its acknowledgement lost, does not exist here: on a link of memory to read is to acknowledge.
//
// Everything is judged by what can be seen from outside: bytes on
// the wires, records on the disk, the bank's books. Of what goes on between the gateway's actors nothing is asked.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "actors/book.hpp"
#include "codec/dialect.hpp"
#include "config/settings.hpp"
#include "scenarios/simulator/tally.hpp"
#include "scenarios/simulator/truth.hpp"
#include "store/memory_store.hpp"

namespace simulator {

struct violation {
  std::string invariant;  ///< "M1"
  std::string what;       ///< a sentence
  const truth* about = nullptr;
};

/// Marks a client's own reversal, so that nobody takes it for the gateway's.
inline constexpr int own_mark_field = 32;
inline constexpr const char* own_mark = "99";

class auditor {
public:
  auditor(const config::settings& s, const codec::dialect& d, std::function<time_point()> now) : settings_(s), dialect_(d), now_(std::move(now)) {}
  auditor(const auditor&) = delete;
  auditor& operator=(const auditor&) = delete;

  truth& new_purchase();
  truth* find(std::string_view amount);
  std::deque<truth>& all() { return truths_; }

  /// The first one of the run.
  const std::optional<violation>& found() const { return found_; }
  void fail(const char* invariant, std::string what, const truth* about = nullptr);

  void note(truth& t, std::string what) { t.history.push_back({now_(), std::move(what)}); }

  // --- what happens ----------------------------------------------------------

  /// Bytes of the gateway have left for the host, whether they arrive or not.
  void on_wire(const codec::message& m);
  /// The link has changed, or an actor has died: what is in flight is given up.
  void disturbed() { disturbed_at_ = now_(); }

  void applied(truth& t);
  void reversed(truth& t);
  /// The bank's answer is on its way to the gateway; `own`: to a client's own reversal; `asked_at`: when the request came.
  void bank_says(truth& t, const codec::message& response, bool own, time_point asked_at);

  /// A client has read this of its purchase. `by_key`: an answer that must be the same for ever. `stands`: nothing more is asked of the client.
  void told_yes(truth& t, bool by_key, bool stands);
  void told_no(truth& t, bool by_key, const std::string& how);
  void own_reversal_told(truth& t, const codec::message& response);

  /// Reads what is new on the disk.
  void read(const store::memory_disk& disk);
  /// A start has read the disk and begun anew: what it makes of it must be what its records say.
  void started(const actors::book& pages);
  void log_line(const std::string& line);

  // --- at the end ------------------------------------------------------------

  /// Whether everything has ended, or is an approval that its client may have.
  bool at_rest() const;
  /// What has not.
  std::string unrest() const;
  /// When at rest.
  void judge(const actors::book& pages);

  tally sums;

private:
  struct outstanding {
    std::string mti, stan;
    const truth* of;
    time_point until;  // the gateway gives it up then at the earliest
    time_point sent_at;
  };

  void purchase_on_wire(truth& t, const codec::message& m);
  void reversal_on_wire(truth& t, const codec::message& m);
  void one_at_a_time(truth& t, const codec::message& m, bool own);
  void turn_of(const kept_purchase& next);
  void take_record(const store::record& r, const store::contents& all);
  void take_end(kept_purchase& k, const std::string& content);
  void balance(truth& t);
  bool may_fail_yet(const truth& t) const;
  void search(std::string_view bytes, const char* where, bool on_disk = true);
  static bool is_open(const kept_purchase& k);

  const config::settings& settings_;
  const codec::dialect& dialect_;
  std::function<time_point()> now_;
  std::optional<violation> found_;
  std::deque<truth> truths_;  // by amount
  std::deque<kept_purchase> kept_;
  std::unordered_map<std::uint64_t, kept_purchase*> by_id_;
  std::map<std::string, std::vector<kept_purchase*>> by_tid_;
  std::map<std::string, std::vector<outstanding>> at_host_;  // by TID
  time_point disturbed_at_{};
  std::uint64_t read_to_ = 0;  // sequence
};

} // namespace simulator
