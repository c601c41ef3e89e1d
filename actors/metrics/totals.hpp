// The sums of the statistics, in the old program's terms. No actor in it.
//
// A reversal takes off what was counted for its purchase: nothing where no approval ever came, or where it
// came too late and nobody was shown it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "actors/protocol/directory.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

class totals {
public:
  /// A message that passed; `why` where it is a response that nobody got: that is a packet, but no money.
  /// `request`: what it answers, where it is a response.
  void count(const codec::message& m, std::optional<unmatched> why, const codec::message* request,
             const codec::dialect& d);

  /// One line of JSON, without an end of line. Amounts are field 4 in hundredths, exactly.
  std::string json() const;

private:
  __extension__ using amount = __int128;  // hundredths; 10^12 times any count of messages fits

  // A purchase that was approved or is being reversed.
  struct transaction {
    amount held = 0;     ///< what the host holds for it, of what was counted; below zero for a refund
    int unanswered = 0;  ///< reversals that were sent
  };

  // Purchases that are remembered; the oldest is forgotten first, and then its reversal takes nothing off.
  static constexpr std::size_t remembered_max = 100000;

  void count_approval(const codec::message& m, const codec::message& request, const codec::dialect& d);
  bool count_reversal(const codec::message& m, const codec::message& request, const codec::dialect& d);
  std::shared_ptr<transaction> find(const codec::message& request, const codec::dialect& d) const;
  void remember(const std::string& key, const std::shared_ptr<transaction>& p);

  amount secured_ = 0;  ///< approved 0210 that are no refunds, less refunds, less what was reversed of either
  amount processed_ = 0;  ///< all 0200
  amount refunds_ = 0;    ///< approved 0210 with processing code 200000
  amount reversals_ = 0;  ///< reversals that are done
  std::unordered_map<std::string, std::shared_ptr<transaction>>
    purchases_;                       ///< by terminal, STAN and time, and by the host's reference
  std::deque<std::string> in_order_;  ///< their keys
  std::map<std::string, std::uint64_t>
    faults_;  ///< by field 39 of 0210 and 0410 that are neither approved nor done
  std::map<std::string, std::uint64_t> packets_;  ///< by MTI
  std::uint64_t packets_total_ = 0;
  std::map<unmatched, std::uint64_t> unmatched_;
};

}  // namespace actors
