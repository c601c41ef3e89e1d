// What the bank holds and what the clients have received, by purchase; and whether both agree.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace chaos {

/// Identifies a purchase: a terminal never repeats a STAN in one run.
struct trace {
  std::uint64_t tid = 0;
  std::uint64_t stan = 0;
  auto operator<=>(const trace&) const = default;
};

/// The latest outcome that a client has received for its purchase.
enum class client_outcome : std::uint8_t {
  nothing,  ///< its connection ended, or the client disconnected
  approved,
  declined,
  failed,  ///< the outcome is unknown, it is being reversed
  not_sent,
};
const char* to_string(client_outcome t);

/// A purchase at its client.
struct receipt {
  std::uint64_t amount = 0;
  client_outcome last = client_outcome::nothing;
  bool by_http = false;
  bool left = false;          ///< the client disconnected and never asked again
  bool behind_proxy = false;  ///< with delivery `tcp`: a proxy's acknowledgement counts
  bool way_broken =
    false;  ///< that proxy was killed, reloaded or reset the connection before the response was read
  bool ack_lost =
    false;  ///< the client read the response, and nothing that it sent afterwards can have arrived
  std::chrono::milliseconds received_at{};
};

/// A purchase at the bank.
struct account {
  std::uint64_t amount = 0;
  int requests = 0;  ///< requests received
  int bookings = 0;
  bool reversed = false;
  int reversals = 0;      ///< reversals received
  std::string reference;  ///< its field 37
  bool answered = false;  ///< a response left the bank
  int link = 0;           ///< number of the connection over which it came

  bool held() const { return bookings > 0 && !reversed; }
};

struct sum {
  std::size_t count = 0;
  std::uint64_t amount = 0;

  void add(std::uint64_t a) {
    ++count;
    amount += a;
  }
};

struct balance {
  std::map<std::string, sum> rows;             ///< by what the client received and what became of the money
  sum held, shown, open_unshown, lost_behind;  ///< the first is the sum of the others
  std::vector<std::string> violations;         ///< sentences
  std::vector<trace> suspects = {};            ///< the purchases whose histories to print

  // Known limits of delivery `tcp`. A proxy acknowledges and then loses the response: the bank holds the
  // money and the client does not know (`lost_behind`). An acknowledgement is lost with the connection: the
  // client has read an approval that is reversed.
  sum ack_lost = {};

  bool good() const {
    return violations.empty() && held.amount == shown.amount + open_unshown.amount + lost_behind.amount;
  }
};

class books {
public:
  receipt& open(const trace& t, std::uint64_t amount, bool by_http);
  receipt& at_client(const trace& t) { return receipts_[t]; }

  /// A client received an outcome, perhaps again. It must not contradict an earlier one.
  void record(const trace& t, client_outcome what);

  void leave(const trace& t) {
    receipts_[t].left = true;
    log(t, "its client leaves");
  }

  account& at_bank(const trace& t) { return accounts_[t]; }
  std::map<trace, account>& accounts() { return accounts_; }
  const std::map<trace, receipt>& receipts() const { return receipts_; }

  /// Records a violation.
  void report_violation(std::string sentence) { complaints_.push_back(std::move(sentence)); }

  /// Adds to the history of one purchase, and to the events of all.
  void log(const trace& t, const std::string& what) { log_[t].push_back({now(), what}); }
  void log_to_all(const std::string& what) { events_.push_back({now(), what}); }
  std::vector<std::string> history(const trace& t) const;

  /// Since the beginning.
  std::chrono::milliseconds now() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begun_);
  }

  /// No byte of the clients has arrived since then; the gateway may not know what they have read meanwhile.
  void acknowledgements_lost_since(std::chrono::milliseconds then);

  /// `kept`: approvals that the gateway lists as unconfirmed; `open`: transactions that it has not reversed
  /// yet.
  balance reconcile(const std::set<trace>& kept, const std::set<trace>& open) const;

  /// For a run that ended without the gateway's list.
  balance complaints_alone() const;

private:
  using clock = std::chrono::steady_clock;
  struct event {
    std::chrono::milliseconds at;
    std::string what;
  };

  clock::time_point begun_ = clock::now();
  std::map<trace, std::vector<event>> log_;
  std::vector<event> events_;
  std::map<trace, receipt> receipts_;
  std::map<trace, account> accounts_;
  std::vector<std::string> complaints_;
};

/// "TID 10000003 STAN 17"
std::string label(const trace& t);

}  // namespace chaos
