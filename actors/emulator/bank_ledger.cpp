// The emulated bank's accounts.
//
// An amount that ends in 777 requests the response code before it, one that ends in 888 sets the balance to
// the number before it; all others are debited from the card's account.

#include "actors/emulator/bank_ledger.hpp"

#include <algorithm>
#include <charconv>

#include "codec/exchange/local_time.hpp"
#include "codec/exchange/template.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/validate.hpp"

namespace actors {

namespace {

namespace fields = codec::fields;

// Approved transactions that can still be reversed; the oldest are dropped.
constexpr std::size_t approved_max = 100000;

constexpr std::string_view refund = "200000";  // field 3

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters_and_digits =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// The account number: as in the old program, and unlike `codec::card_of`, that of track 2 where there is one.
std::string pan_of(const codec::message& m) {
  const auto track = m.has(fields::track2) ? m[fields::track2] : m[fields::pan];
  return std::string(track.substr(0, std::min(track.find_first_not_of(digits), track.size())));
}

// Field 4 as a number; nothing if it is none, or too large.
std::optional<std::int64_t> amount_of(const codec::message& m) {
  const auto digits_of = m[fields::amount];
  std::int64_t amount = 0;
  const auto [end, error] = std::from_chars(digits_of.data(), digits_of.data() + digits_of.size(), amount);
  if (error != std::errc() || end != digits_of.data() + digits_of.size() || amount < 0 ||
      amount > 1'000'000'000'000)
    return {};
  return amount;
}

}  // namespace

bank_ledger::bank_ledger(dialect_ptr d, std::uint64_t seed, std::int64_t opening_balance)
  : dialect_(std::move(d)), opening_balance_(opening_balance), random_(seed) {
  for (const auto& [number, text] : dialect().reversal.set)
    if (codec::repeats_stan(text, dialect()))
      original_data_field_ = number;
}

// As a reversal of this request has it; empty where the dialect has no such field.
std::string bank_ledger::original_data_of(const codec::message& request) const {
  codec::message m;
  if (original_data_field_ != 0)
    codec::set_known(
      m, original_data_field_,
      codec::fill_template(dialect().reversal.set.at(original_data_field_), request, dialect(), {}),
      dialect());
  return std::string(m[original_data_field_]);
}

std::optional<codec::message> bank_ledger::respond(const codec::message& request,
                                                   std::chrono::local_seconds now, std::string_view code) {
  const auto kind = codec::message_class(request.mti());
  if (!codec::is_request(request.mti()) || (kind != '4' && kind != '8' && !asks_for_money(request)))
    return {};
  auto m = request;
  m.set(fields::mti, dialect().response_mti(request.mti()));
  codec::set_known(m, fields::transmission_time, codec::transmission_time(now), dialect());
  auto faults = codec::validate(request, dialect(), now);
  // A reversal has the time of its transaction, which may be long ago.
  std::erase_if(faults, [kind](const codec::part_fault& f) {
    return kind == '4' && f.what.code == codec::fault_code::expired;
  });
  if (kind == '8')
    echo(m);
  else if (!faults.empty() || !amount_of(request))
    answer(m, dialect().answers.not_permitted);
  else if (kind == '4')
    reverse(m);
  else if (!code.empty())
    answer(m, code);
  else
    authorize(m, request);
  return m;
}

bool bank_ledger::asks_for_money(const codec::message& request) const {
  return codec::is_purchase_request(request.mti()) || dialect().reversal.of.contains(request.mti());
}

std::int64_t bank_ledger::balance(const std::string& pan) const {
  const auto it = balances_.find(pan);
  return it == balances_.end() ? opening_balance_ : it->second;
}

void bank_ledger::answer(codec::message& m, std::string_view code) const {
  codec::set_code(m, code, dialect());
}

void bank_ledger::echo(codec::message& m) {
  codec::set_known(m, fields::reference, random_text(12, digits), dialect());
  answer(m, dialect().answers.approved);
  m.erase(fields::function_code);
  m.erase(fields::merchant);
}

void bank_ledger::authorize(codec::message& m, const codec::message& request) {
  const auto pan = pan_of(m);
  if (pan.empty())
    return answer(m, dialect().answers.system_error);
  auto& balance = balances_.try_emplace(pan, opening_balance_).first->second;
  const auto value = *amount_of(m);
  const auto ending = value % 1000, front = value / 1000;
  if (ending == 777 && !dialect().meaning_of(std::to_string(front)).empty())
    return answer(m, std::to_string(front));
  // As the old program: nobody pays nothing, also where field 3 asks for the balance, and a balance that is
  // set has no reference.
  if (value == 0)
    return answer(m, dialect().answers.system_error);
  if (ending == 888) {
    balance = front;
    return answer(m, dialect().answers.approved);
  }
  if (m[fields::processing_code] == refund)
    balance += value;
  else if (value > balance)
    return answer(m, dialect().answers.insufficient_funds);
  else
    balance -= value;
  codec::set_known(m, fields::pan, pan, dialect());
  codec::set_known(m, fields::reference, random_text(12, digits), dialect());
  codec::set_known(m, fields::approval_code, random_text(6, letters_and_digits), dialect());
  answer(m, dialect().answers.approved);
  if (m[fields::processing_code] == refund)
    return;
  if (approved_.size() == approved_max)
    approved_.erase(approved_.begin(), approved_.begin() + approved_max / 2);
  approved_.push_back({pan, std::string(m[fields::tid]), std::string(m[fields::stan]), value,
                       codec::local_time_text(m, dialect()), std::string(m[fields::reference]),
                       original_data_of(request)});
}

void bank_ledger::reverse(codec::message& m) {
  // A reversal may have field 2 instead of the track, which must not be stored.
  const auto pan = m.has(fields::pan) ? std::string(m[fields::pan]) : pan_of(m);
  const auto time = codec::local_time_text(m, dialect());
  const auto it = std::ranges::find_if(approved_, [&](const transaction& p) {
    if (m.has(fields::reference))
      return p.reference == m[fields::reference] && (pan.empty() || p.pan == pan);
    if (p.tid != m[fields::tid] || p.amount != amount_of(m))
      return false;
    if (original_data_field_ != 0 && m.has(original_data_field_))
      return p.original_data == m[original_data_field_];
    return p.stan == m[fields::stan] && p.local_time == time;
  });
  if (it == approved_.end())
    return answer(m, dialect().answers.not_found);
  balances_[it->pan] += it->amount;
  approved_.erase(it);
  answer(m, dialect().answers.approved);
}

std::string bank_ledger::random_text(std::size_t size, std::string_view alphabet) {
  std::string text(size, '0');
  for (auto& c : text)
    c = alphabet[std::uniform_int_distribution<std::size_t>(0, alphabet.size() - 1)(random_)];
  return text;
}

}  // namespace actors
