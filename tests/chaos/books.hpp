// What the bank holds and what the clients were told, purchase by purchase; and whether the two agree.
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

/// A terminal never gives a STAN twice in one run.
struct trace {
  std::uint64_t tid = 0;
  std::uint64_t stan = 0;
  auto operator<=>(const trace&) const = default;
};

/// The last thing that a client heard of its purchase.
enum class told : std::uint8_t {
  nothing,  ///< its connection ended, or it left
  approved,
  declined,
  failed,  ///< "nobody knows, it is being reversed"
  not_sent,
};
const char* to_string(told t);

/// A purchase at its client.
struct receipt {
  std::uint64_t amount = 0;
  told last = told::nothing;
  bool by_http = false;
  bool left = false;          ///< the client went away and never came back for it
  bool behind_proxy = false;  ///< under contract `tcp`: whose acknowledgement counts is a proxy
  bool way_broken =
    false;  ///< that proxy was killed, reloaded or reset the connection before the answer was read
  bool ack_lost =
    false;  ///< the client read the answer, and nothing that it sent after that can have arrived
  std::chrono::milliseconds told_at{};
};

/// A purchase at the bank.
struct account {
  std::uint64_t amount = 0;
  int requests = 0;  ///< that came
  int bookings = 0;
  bool reversed = false;
  int reversals = 0;      ///< that came
  std::string reference;  ///< its field 37
  bool answered = false;  ///< an answer left the bank
  int link = 0;           ///< over which it came

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
  std::map<std::string, sum> rows;             ///< by what the client was told and what became of the money
  sum held, shown, open_unshown, lost_behind;  ///< the first is the sum of the others
  std::vector<std::string> violations;         ///< sentences
  std::vector<trace> suspects = {};            ///< whose histories to look at

  // Known limits of contract `tcp`. A proxy that acknowledges and then loses: held, and its client knows
  // nothing (`lost_behind`). An acknowledgement that is lost with the connection: the client has read what is
  // reversed.
  sum ack_lost = {};

  bool good() const {
    return violations.empty() && held.amount == shown.amount + open_unshown.amount + lost_behind.amount;
  }
};

class books {
public:
  receipt& open(const trace& t, std::uint64_t amount, bool by_http);
  receipt& at_client(const trace& t) { return receipts_[t]; }

  /// A client heard of its purchase, perhaps again. What it hears may not contradict what it heard before.
  void tell(const trace& t, told what);

  void leave(const trace& t) {
    receipts_[t].left = true;
    log(t, "its client leaves");
  }

  account& at_bank(const trace& t) { return accounts_[t]; }
  std::map<trace, account>& accounts() { return accounts_; }
  const std::map<trace, receipt>& receipts() const { return receipts_; }

  /// Something that must never happen has.
  void complain(std::string sentence) { complaints_.push_back(std::move(sentence)); }

  /// For the history of one purchase, and what all of them went through meanwhile.
  void log(const trace& t, const std::string& what) { log_[t].push_back({now(), what}); }
  void log_to_all(const std::string& what) { events_.push_back({now(), what}); }
  std::vector<std::string> history(const trace& t) const;

  /// Since the beginning.
  std::chrono::milliseconds now() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begun_);
  }

  /// Nothing came from the clients since then; what they have read meanwhile, the gateway may not know.
  void acknowledgements_lost_since(std::chrono::milliseconds then);

  /// `kept`: approvals that the gateway lists as unconfirmed; `open`: those that it has not reversed yet.
  balance reconcile(const std::set<trace>& kept, const std::set<trace>& open) const;

  /// For a run that ended without that list.
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
