#include "codec/validate.hpp"

#include <algorithm>
#include <cstdio>

#include "codec/mti.hpp"

namespace codec {

namespace {

unsigned two_digits(std::string_view digits, std::size_t at) {
  return static_cast<unsigned>((digits[at] - '0') * 10 + (digits[at + 1] - '0'));
}

// Authorizations and financial messages, their repeats and advices (ISO 8583:1987, message classes 1 and 2).
// Whoever sends one must know how it is undone.
bool may_move_money(std::string_view mti) { return message_class(mti) == '1' || message_class(mti) == '2'; }

}  // namespace

std::optional<std::chrono::local_seconds> parse_local_time(std::string_view digits) {
  if (digits.size() != 12 || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; }))
    return {};
  using namespace std::chrono;
  const year_month_day date{year{2000 + static_cast<int>(two_digits(digits, 0))},
                            month{two_digits(digits, 2)}, day{two_digits(digits, 4)}};
  const auto h = two_digits(digits, 6), m = two_digits(digits, 8), s = two_digits(digits, 10);
  if (!date.ok() || h > 23 || m > 59 || s > 60)  // 60: a leap second
    return {};
  return local_days{date} + hours{h} + minutes{m} + seconds{s};
}

std::string format_local_time(std::chrono::local_seconds time) {
  using namespace std::chrono;
  const auto midnight = floor<days>(time);
  const year_month_day date{midnight};
  const hh_mm_ss clock{time - midnight};
  char digits[32];
  std::snprintf(digits, sizeof digits, "%02d%02u%02u%02d%02d%02d", static_cast<int>(date.year()) % 100,
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return digits;
}

std::vector<fault> validate(const message& m, const dialect& d, const std::vector<int>& key_fields,
                            std::chrono::local_seconds now) {
  std::vector<fault> faults;
  if (!is_request(m.mti()))
    faults.push_back({fault_code::not_a_request, 0});
  else if (!d.reversal.of.empty() && may_move_money(m.mti()) && !d.reversal.of.contains(m.mti()))
    faults.push_back({fault_code::not_reversible, 0});
  if (const auto rule = d.mandatory.find(m.mti()); rule != d.mandatory.end())
    for (const int number : rule->second)
      if (!m.has(number))
        faults.push_back({fault_code::missing, number});
  for (const int number : key_fields)
    if (!m.has(number) && std::ranges::find(faults, number, &fault::field) == faults.end())
      faults.push_back({fault_code::missing, number});
  if (d.local_time_field != 0 && m.has(d.local_time_field)) {
    const auto time = parse_local_time(m[d.local_time_field]);
    if (!time)
      faults.push_back({fault_code::bad_date, d.local_time_field});
    else if (std::chrono::abs(*time - now) > d.expiry)
      faults.push_back({fault_code::expired, d.local_time_field});
  }
  std::ranges::stable_sort(faults, {}, &fault::field);
  return faults;
}

}  // namespace codec
