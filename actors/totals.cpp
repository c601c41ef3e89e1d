#include "actors/totals.hpp"

#include <charconv>

namespace actors {

namespace {

std::uint64_t hundredths(const codec::message& m) {
  const auto digits = m[4];
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// As JavaScript prints a number: 3460, 12.5, 1383554.49.
__extension__ using amount_type = __int128;

std::string decimal(amount_type amount) {
  const bool negative = amount < 0;
  auto rest = negative ? -amount : amount;
  const auto cents = static_cast<int>(rest % 100);
  std::string whole;
  for (rest /= 100; rest != 0; rest /= 10)
    whole.insert(whole.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  std::string text = (negative ? "-" : "") + (whole.empty() ? "0" : whole);
  if (cents != 0) {
    text += '.';
    text += static_cast<char>('0' + cents / 10);
    if (cents % 10 != 0)
      text += static_cast<char>('0' + cents % 10);
  }
  return text;
}

std::string object(const std::map<std::string, std::uint64_t>& counts) {
  std::string text = "{";
  for (const auto& [key, count] : counts)
    text += (text.size() == 1 ? "\"" : ",\"") + key + "\":" + std::to_string(count);
  return text + "}";
}

} // namespace

void totals::count(const codec::message& m, std::optional<stray> why, const codec::dialect& d) {
  const std::string mti(m.mti());
  ++packets_[mti];
  ++packets_total_;
  if (why) {
    ++strays_[*why];
    return;
  }
  if (mti == "0200")
    processed_ += hundredths(m);
  if (mti != "0210" && mti != "0410")
    return;
  const auto code = codec::without_leading_zeros(m[39]);
  if (m.has(39) && code != "0")
    ++faults_[std::string(code)];
  if (!d.approves(m))
    return;
  if (mti == "0410") {
    reversals_ += hundredths(m);
  } else if (m[3] == "200000") {
    refunds_ += hundredths(m);
  } else {
    approved_ += hundredths(m);
  }
}

std::string totals::json() const {
  const auto number_of = [this](stray s) {
    const auto it = strays_.find(s);
    return it == strays_.end() ? std::uint64_t{0} : it->second;
  };
  auto packets = object(packets_);
  packets.insert(1, "\"total\":" + std::to_string(packets_total_) + (packets_.empty() ? "" : ","));
  return "{\"securedAmount\":" + decimal(approved_ - refunds_ - reversals_) + ",\"processedAmount\":" + decimal(processed_) +
         ",\"refundAmount\":" + decimal(refunds_) + ",\"reversalAmount\":" + decimal(reversals_) + ",\"faultStat\":" + object(faults_) +
         ",\"packetCount\":" + packets +
         ",\"strayCount\":" + object({{"contradicting", number_of(stray::contradicting)}, {"duplicate", number_of(stray::duplicate)},
                                      {"late", number_of(stray::late)}, {"unknown", number_of(stray::unknown)}}) + "}";
}

} // namespace actors
