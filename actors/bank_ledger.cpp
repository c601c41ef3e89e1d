// The emulated bank's accounts.
//
// An amount that ends in 777 asks for the response code in front of it, one
// that ends in 888 sets the balance to the number in front of it; all others
// are paid from the account of the card.

#include "actors/bank_ledger.hpp"

#include <algorithm>

#include "codec/mti.hpp"
#include "codec/validate.hpp"

namespace actors {

namespace {

constexpr std::int64_t opening_balance = 100000;

// Purchases that can still be reversed; older ones are forgotten.
constexpr std::size_t purchases_max = 100000;

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters_and_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// The account: the digits at the front of track 2.
std::string pan_of(const codec::message& m) {
  const auto track = m[35];
  return std::string(track.substr(0, std::min(track.find_first_not_of(digits), track.size())));
}

void answer_code(codec::message& m, std::string_view code) { m.set(39, std::string(3 - code.size(), '0') + std::string(code)); }

} // namespace

std::optional<codec::message> bank_ledger::respond(const codec::message& request, std::chrono::local_seconds now) {
  const auto kind = codec::message_class(request.mti());
  if (!codec::is_request(request.mti()) || (kind != '2' && kind != '4' && kind != '8'))
    return {};
  auto m = request;
  m.set(0, codec::response_mti(request.mti()));
  m.set(7, codec::format_local_time(now).substr(2));
  auto faults = codec::validate(request, dialect_, {}, now);
  // A reversal keeps its purchase's time, which is long ago by then.
  std::erase_if(faults, [kind](const codec::fault& f) { return kind == '4' && f.code == codec::fault_code::expired; });
  if (kind == '8')
    echo(m);
  else if (!faults.empty())
    answer_code(m, "120");
  else if (kind == '2')
    buy(m);
  else
    reverse(m);
  return m;
}

std::int64_t bank_ledger::balance(const std::string& pan) const {
  const auto it = balances_.find(pan);
  return it == balances_.end() ? opening_balance : it->second;
}

void bank_ledger::echo(codec::message& m) {
  m.set(37, random_text(12, digits));
  answer_code(m, "0");
  m.erase(24);
  m.erase(42);
}

void bank_ledger::buy(codec::message& m) {
  const auto pan = pan_of(m);
  if (pan.empty())
    return answer_code(m, "5");
  auto& balance = balances_.try_emplace(pan, opening_balance).first->second;
  const std::string amount(m[4]);
  const auto ending = amount.substr(amount.size() - 3);
  const auto front = std::stoll(amount.substr(0, amount.size() - 3));
  if (ending == "777") {
    const auto code = std::to_string(front);
    if (code.size() <= 3 && dialect_.response_codes.contains(std::string(3 - code.size(), '0') + code))
      return answer_code(m, code);
  }
  const auto value = std::stoll(amount);
  if (ending == "888")
    balance = front;
  else if (m[3] == "200000")
    balance += value;
  else if (value > balance)
    return answer_code(m, "116");
  else
    balance -= value;
  m.set(2, pan);
  m.set(37, random_text(12, digits));
  m.set(38, random_text(6, letters_and_digits));
  answer_code(m, "0");
  if (ending == "888" || m[3] == "200000")
    return;
  if (purchases_.size() == purchases_max)
    purchases_.erase(purchases_.begin(), purchases_.begin() + purchases_max / 2);
  purchases_.push_back({pan, std::string(m[41]), std::string(m[11]), amount, std::string(m[12]), std::string(m[37])});
}

void bank_ledger::reverse(codec::message& m) {
  const auto pan = pan_of(m);
  const auto it = std::ranges::find_if(purchases_, [&](const purchase& p) {
    if (m.has(37))
      return p.reference == m[37] && p.pan == pan;
    return p.tid == m[41] && p.stan == m[11] && p.amount == m[4] && p.local_time == m[12];
  });
  if (it == purchases_.end())
    return answer_code(m, "914");
  balances_[it->pan] += std::stoll(it->amount);
  purchases_.erase(it);
  answer_code(m, "0");
}

std::string bank_ledger::random_text(std::size_t size, std::string_view alphabet) {
  std::string text(size, '0');
  for (auto& c : text)
    c = alphabet[std::uniform_int_distribution<std::size_t>(0, alphabet.size() - 1)(dice_)];
  return text;
}

} // namespace actors
