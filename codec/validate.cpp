#include "codec/validate.hpp"

#include <algorithm>

#include "codec/exchange/local_time.hpp"
#include "codec/exchange/request_rules.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/exchange/rrn.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"

namespace codec {

namespace {

// Authorizations, financial messages and fee collections, their repeats and advices (ISO 8583:1987, message
// classes 1, 2 and 7). The dialect must say how they are reversed.
bool may_move_money(std::string_view mti) {
  const auto kind = message_class(mti);
  return kind == '1' || kind == '2' || kind == '7';
}

bool is_network_message(std::string_view mti) { return message_class(mti) == '8'; }

void add(std::vector<part_fault>& faults, fault_code code, int number) {
  faults.push_back({{code, number}, std::to_string(number)});
}

void add_missing(std::vector<part_fault>& faults, int number) {
  if (std::ranges::none_of(faults, [number](const part_fault& f) { return f.what.field == number; }))
    add(faults, fault_code::missing, number);
}

// Of a message for the network a part of the pairing fields is enough: it has no terminal's turn to wait for.
void check_pairing(std::vector<part_fault>& faults, const message& m, const dialect& d) {
  const auto& pairing = d.pairing.of(m.mti());
  const auto is_there = [&m](int number) { return m.has(number); };
  if (is_network_message(m.mti()) && std::ranges::any_of(pairing, is_there))
    return;
  for (const int number : pairing)
    if (!m.has(number) &&
        (number == fields::stan || number == fields::tid || std::ranges::none_of(pairing, is_there)))
      add_missing(faults, number);
}

void check_local_time(std::vector<part_fault>& faults, const message& m, const dialect& d,
                      std::chrono::local_seconds now) {
  const auto& rules = d.local_time;
  if (std::ranges::all_of(rules.parts, [&m](const auto& part) { return m[part.field].empty(); }))
    return;
  const auto time = local_time_of(m, d, now);
  const auto field = rules.parts.front().field;
  if (std::ranges::find(faults, std::to_string(field), &part_fault::path) != faults.end())
    return;
  if (!time)
    add(faults, fault_code::bad_date, field);
  // A reversal has the time of its original, however long ago that was.
  else if (rules.expiry.count() != 0 && !is_reversal(m) && std::chrono::abs(*time - now) > rules.expiry)
    add(faults, fault_code::expired, field);
}

}  // namespace

std::vector<part_fault> broken_demands(const message& m, const dialect& d) {
  std::vector<part_fault> faults;
  if (!is_request(m.mti()))
    add(faults, fault_code::not_a_request, fields::mti);
  else if (!d.reversal.of.empty() && may_move_money(m.mti()) && !d.reversal.of.contains(m.mti()))
    add(faults, fault_code::not_reversible, fields::mti);
  if (const auto rule = d.mandatory.find(m.mti()); rule != d.mandatory.end())
    for (const int number : rule->second)
      if (!m.has(number) && !(number == fields::reference && needs_rrn(m, d)))
        add_missing(faults, number);
  check_pairing(faults, m, d);
  for (auto& broken : broken_rules(m, d))
    if (std::ranges::find(faults, broken.path, &part_fault::path) == faults.end())
      faults.push_back(std::move(broken));
  std::ranges::stable_sort(faults, {}, [](const part_fault& f) { return f.what.field; });
  return faults;
}

std::vector<part_fault> validate(const message& m, const dialect& d, std::chrono::local_seconds now) {
  auto faults = broken_demands(m, d);
  check_local_time(faults, m, d, now);
  std::ranges::stable_sort(faults, {}, [](const part_fault& f) { return f.what.field; });
  return faults;
}

}  // namespace codec
