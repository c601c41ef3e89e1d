// The sums of the statistics, with the names of the legacy format. No actor.
//
// A reversal subtracts what was counted for its transaction: nothing if there was no approval, or if it came
// too late for its client.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "actors/protocol/directory.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

class totals {
public:
  /// The hash of what tells a transaction from others.
  using key = std::uint64_t;

  /// Counts a message that passed. `why`: of an unmatched response, which counts as a packet but not as
  /// money. `request`: of a response, the request that it answers.
  void count(const codec::message& m, std::optional<unmatched> why, const codec::message* request,
             const codec::dialect& d);

  /// Counts a message of one of several links.
  void count_link(const std::string& link, const codec::message& m);

  /// Counts a frame that was not used.
  void count(net::frame::kind dropped) { ++dropped_frames_[dropped]; }

  /// The sums of such a line, to count on from; nothing where it is no such line. What they were counted for
  /// is not in it: the reversal of a purchase of an earlier process is counted, and not subtracted.
  static std::optional<totals> from_json(const std::string& line);

  /// One line of JSON, without a line end. Amounts are field 4 in hundredths, exact.
  std::string json() const;

private:
  __extension__ using amount = __int128;  // hundredths; 10^12 times any count of messages fits

  // A transaction that was approved or is being reversed.
  struct transaction {
    amount held = 0;     ///< the money at the host that was counted; below zero for a refund
    int unanswered = 0;  ///< reversals that were sent
  };

  // How many transactions are remembered; the oldest is dropped first, and then its reversal subtracts
  // nothing.
  static constexpr std::size_t remembered_max = 100000;

  void count_approval(const codec::message& m, const codec::message& request, const codec::dialect& d);
  bool count_reversal(const codec::message& m, const codec::message& request, const codec::dialect& d);
  std::shared_ptr<transaction> find(const codec::message& request, const codec::dialect& d) const;
  void remember(std::optional<key> its_key, const std::shared_ptr<transaction>& p);

  amount secured_ = 0;    ///< approved 0210 without refunds, less refunds, less what was reversed
  amount processed_ = 0;  ///< all 0200
  amount refunds_ = 0;    ///< approved 0210 with processing code 200000
  amount reversals_ = 0;  ///< confirmed reversals
  std::unordered_map<key, std::shared_ptr<transaction>>
    purchases_;               ///< by terminal, STAN and time, and by the host's reference
  std::deque<key> in_order_;  ///< their keys
  std::map<std::string, std::uint64_t, std::less<>>
    faults_;  ///< by field 39 of 0210 and 0410 that were declined or not confirmed
  std::map<std::string, std::uint64_t, std::less<>> packets_;  ///< by MTI
  std::uint64_t packets_total_ = 0;
  std::map<unmatched, std::uint64_t> unmatched_;

  struct link_counts {
    std::uint64_t requests = 0, responses = 0;
  };
  std::map<std::string, link_counts> links_;  ///< with several, by name
  std::map<net::frame::kind, std::uint64_t> dropped_frames_;
};

}  // namespace actors
