// The emulated bank's accounts.
//
// An amount that ends in 777 requests the response code before it, one that ends in 888 sets the balance to
// the number before it; all others are debited from the card's account.

#include "actors/emulator/bank_ledger.hpp"

#include <algorithm>
#include <charconv>

#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/validate.hpp"

namespace actors {

namespace {

constexpr std::int64_t opening_balance = 100000;

// Approved transactions that can still be reversed; the oldest are dropped.
constexpr std::size_t approved_max = 100000;

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters_and_digits =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// The account number: the digits at the start of track 2.
std::string pan_of(const codec::message& m) {
  const auto track = m[35];
  return std::string(track.substr(0, std::min(track.find_first_not_of(digits), track.size())));
}

// Field 4 as a number; nothing if it is none, or too large.
std::optional<std::int64_t> amount_of(const codec::message& m) {
  const auto digits_of = m[4];
  std::int64_t amount = 0;
  const auto [end, error] = std::from_chars(digits_of.data(), digits_of.data() + digits_of.size(), amount);
  if (error != std::errc() || end != digits_of.data() + digits_of.size() || amount < 0 ||
      amount > 1'000'000'000'000)
    return {};
  return amount;
}

}  // namespace

std::optional<codec::message> bank_ledger::respond(const codec::message& request,
                                                   std::chrono::local_seconds now) {
  const auto kind = codec::message_class(request.mti());
  if (request.mti() != "0200" && request.mti() != "0400" && request.mti() != "0800")
    return {};
  auto m = request;
  m.set(0, codec::response_mti(request.mti()));
  codec::set_known(m, 7, codec::format_local_time(now).substr(2), dialect_);
  auto faults = codec::validate(request, dialect_, {}, now);
  // A reversal has the time of its transaction, which may be long ago.
  std::erase_if(
    faults, [kind](const codec::fault& f) { return kind == '4' && f.code == codec::fault_code::expired; });
  if (kind == '8')
    echo(m);
  else if (!faults.empty() || !amount_of(request))
    answer(m, "120");
  else if (kind == '2')
    authorize(m);
  else
    reverse(m);
  return m;
}

std::int64_t bank_ledger::balance(const std::string& pan) const {
  const auto it = balances_.find(pan);
  return it == balances_.end() ? opening_balance : it->second;
}

void bank_ledger::answer(codec::message& m, std::string_view code) const {
  codec::set_known(m, 39, code, dialect_);
}

void bank_ledger::echo(codec::message& m) {
  codec::set_known(m, 37, random_text(12, digits), dialect_);
  answer(m, "0");
  m.erase(24);
  m.erase(42);
}

void bank_ledger::authorize(codec::message& m) {
  const auto pan = pan_of(m);
  if (pan.empty())
    return answer(m, "5");
  auto& balance = balances_.try_emplace(pan, opening_balance).first->second;
  const auto value = *amount_of(m);
  const auto ending = value % 1000, front = value / 1000;
  if (ending == 777 && !dialect_.meaning_of(std::to_string(front)).empty())
    return answer(m, std::to_string(front));
  if (ending == 888)
    balance = front;
  else if (m[3] == "200000")
    balance += value;
  else if (value > balance)
    return answer(m, "116");
  else
    balance -= value;
  codec::set_known(m, 2, pan, dialect_);
  codec::set_known(m, 37, random_text(12, digits), dialect_);
  codec::set_known(m, 38, random_text(6, letters_and_digits), dialect_);
  answer(m, "0");
  if (ending == 888 || m[3] == "200000")
    return;
  if (approved_.size() == approved_max)
    approved_.erase(approved_.begin(), approved_.begin() + approved_max / 2);
  approved_.push_back(
    {pan, std::string(m[41]), std::string(m[11]), value, std::string(m[12]), std::string(m[37])});
}

void bank_ledger::reverse(codec::message& m) {
  // A reversal may have field 2 instead of the track, which must not be stored.
  const auto pan = m.has(2) ? std::string(m[2]) : pan_of(m);
  const auto it = std::ranges::find_if(approved_, [&](const transaction& p) {
    if (m.has(37))
      return p.reference == m[37] && (pan.empty() || p.pan == pan);
    return p.tid == m[41] && p.stan == m[11] && p.amount == amount_of(m) && p.local_time == m[12];
  });
  if (it == approved_.end())
    return answer(m, "914");
  balances_[it->pan] += it->amount;
  approved_.erase(it);
  answer(m, "0");
}

std::string bank_ledger::random_text(std::size_t size, std::string_view alphabet) {
  std::string text(size, '0');
  for (auto& c : text)
    c = alphabet[std::uniform_int_distribution<std::size_t>(0, alphabet.size() - 1)(random_)];
  return text;
}

}  // namespace actors
