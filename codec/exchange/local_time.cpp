#include "codec/exchange/local_time.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "codec/fields.hpp"

namespace codec {

namespace {

using std::chrono::local_seconds;

constexpr std::string_view whole_form = "YYMMDDhhmmss";
constexpr std::size_t date_size = 6;  // YYMMDD

unsigned two_digits(std::string_view digits, std::size_t at) {
  return static_cast<unsigned>((digits[at] - '0') * 10 + (digits[at + 1] - '0'));
}

std::optional<local_seconds> nearest(std::string digits, std::size_t known_from, local_seconds now) {
  using namespace std::chrono;
  std::optional<local_seconds> best;
  for (const int step : {0, -1, 1}) {
    // The date is missing, or only its year.
    const auto day = floor<days>(now) + days(step);
    if (known_from >= date_size)
      digits.replace(0, date_size, format_local_time(local_seconds(day)).substr(0, date_size));
    else if (known_from > 0)
      digits.replace(0, 2, format_local_time(now + step * days(365)).substr(0, 2));
    if (const auto t = parse_local_time(digits); t && (!best || abs(*t - now) < abs(*best - now)))
      best = t;
  }
  return best;
}

}  // namespace

std::optional<local_seconds> parse_local_time(std::string_view digits) {
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

std::string format_local_time(local_seconds time) {
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

std::string transmission_time(local_seconds time) { return format_local_time(time).substr(2); }

std::optional<time_digits> time_form(std::string_view form) {
  const auto from = form.size() < 2 || form.size() % 2 != 0 ? std::string_view::npos : whole_form.find(form);
  if (from == std::string_view::npos || from % 2 != 0)
    return {};
  return time_digits{from, form.size()};
}

std::string local_time_text(const message& m, const dialect& d) {
  std::string text;
  for (const auto& part : d.local_time.parts)
    text += m[part.field];
  if (d.local_time.parts.empty())
    text = std::string(m[fields::local_date]) + std::string(m[fields::local_time]);
  return text;
}

std::string moment_text(const message& m, const dialect& d) {
  auto text = local_time_text(m, d);
  return text.empty() ? std::string(m[fields::transmission_time]) : text;
}

bool may_be_same_moment(const message& a, const message& b, const dialect& d) {
  std::vector<int> numbers;
  for (const auto& part : d.local_time.parts)
    numbers.push_back(part.field);
  if (numbers.empty())
    numbers = {fields::local_date, fields::local_time};
  bool share_some = false;
  for (const int number : numbers) {
    if (!a.has(number) || !b.has(number))
      continue;
    if (a[number] != b[number])
      return false;
    share_some = true;
  }
  constexpr int sent = fields::transmission_time;
  return share_some || !a.has(sent) || !b.has(sent) || a[sent] == b[sent];
}

bool says_time_of(const message& response, const message& request, const dialect& d) {
  bool says_some = false;
  for (const auto& part : d.local_time.parts) {
    if (!request.has(part.field))
      continue;
    if (request[part.field] != response[part.field])
      return false;
    says_some = true;
  }
  return says_some;
}

std::string local_day_text(const message& m, const dialect& d) {
  std::string text;
  for (const auto& part : d.local_time.parts)
    if (part.from < date_size)
      text += m[part.field].substr(0, date_size - part.from);
  if (d.local_time.parts.empty())
    text = m.has(fields::local_date) ? std::string(m[fields::local_date])
                                     : std::string(m[fields::local_time].substr(0, date_size));
  return text.empty() ? std::string(m[fields::transmission_time].substr(0, 4)) : text;
}

std::optional<local_seconds> local_time_of(const message& m, const dialect& d, local_seconds now) {
  const auto& parts = d.local_time.parts;
  // The usual case: nothing is to be completed.
  if (parts.size() == 1 && parts.front().size == whole_form.size())
    return parse_local_time(m[parts.front().field]);
  auto digits = format_local_time(now);
  auto known_from = digits.size();
  for (const auto& part : parts) {
    const auto value = m[part.field];
    if (value.empty())
      continue;
    if (value.size() != part.size)
      return {};
    digits.replace(part.from, part.size, value);
    known_from = std::min(known_from, part.from);
  }
  if (known_from == digits.size())
    return {};
  return nearest(std::move(digits), known_from, now);
}

void set_local_time(message& m, const dialect& d, local_seconds time) {
  const auto digits = format_local_time(time);
  for (const auto& part : d.local_time.parts)
    if (!m.has(part.field))
      m.set(part.field, digits.substr(part.from, part.size));
}

}  // namespace codec
