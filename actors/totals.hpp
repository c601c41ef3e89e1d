// The sums of the statistics, in the old program's terms. No actor in it.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "actors/protocol.hpp"
#include "codec/dialect.hpp"

namespace actors {

class totals {
public:
  /// A message that passed; `why` where it is a response that nobody got: that is a packet, but no money.
  void count(const codec::message& m, std::optional<stray> why, const codec::dialect& d);

  /// One line of JSON, without an end of line. Amounts are field 4 in hundredths, exactly.
  std::string json() const;

private:
  __extension__ using amount = __int128;  // hundredths; 10^12 times any count of messages fits

  amount approved_ = 0;      ///< approved 0210 that are no refunds
  amount processed_ = 0;     ///< all 0200
  amount refunds_ = 0;       ///< approved 0210 with processing code 200000
  amount reversals_ = 0;     ///< approved 0410
  std::map<std::string, std::uint64_t> faults_;   ///< by field 39 of 0210 and 0410
  std::map<std::string, std::uint64_t> packets_;  ///< by MTI
  std::uint64_t packets_total_ = 0;
  std::map<stray, std::uint64_t> strays_;
};

} // namespace actors
