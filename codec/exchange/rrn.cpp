#include "codec/exchange/rrn.hpp"

#include <algorithm>

#include "codec/exchange/local_time.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"

namespace codec {

namespace {

constexpr std::size_t counter_min = 6, counter_max = 12;

constexpr std::chrono::local_seconds some_time{};

// "001" to "366".
std::string day_of_year(std::chrono::local_seconds now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const auto first = std::chrono::local_days(date.year() / std::chrono::January / 1);
  return std::to_string(1001 + (day - first).count()).substr(1);
}

std::string last_digits(std::uint64_t number, std::size_t count) {
  auto text = std::to_string(number);
  if (text.size() < count)
    text.insert(0, count - text.size(), '0');
  return text.substr(text.size() - count);
}

// A run of one letter.
std::optional<std::string> piece(std::string_view run, std::uint64_t number, std::chrono::local_seconds now) {
  if (run.front() >= '0' && run.front() <= '9')
    return std::string(run);
  if (run.front() == 'N')
    return run.size() >= counter_min && run.size() <= counter_max
             ? std::optional(last_digits(number, run.size()))
             : std::nullopt;
  if (run == "DDD")
    return day_of_year(now);
  const auto digits = format_local_time(now);
  if (run == "Y")
    return digits.substr(1, 1);
  if (const auto form = time_form(run); form && form->size == 2)
    return digits.substr(form->from, form->size);
  return {};
}

std::optional<std::string> text_of(std::string_view format, std::uint64_t number,
                                   std::chrono::local_seconds now) {
  std::string text;
  int counters = 0;
  while (!format.empty()) {
    const auto end = std::min(format.find_first_not_of(format.front()), format.size());
    counters += format.front() == 'N' ? 1 : 0;
    const auto part = piece(format.substr(0, end), number, now);
    if (!part)
      return {};
    text += *part;
    format.remove_prefix(end);
  }
  return counters == 1 ? std::optional(text) : std::nullopt;
}

}  // namespace

std::optional<std::string> rrn_sample(std::string_view format) { return text_of(format, 1, some_time); }

std::uint64_t rrn_count(const dialect& d) {
  std::uint64_t count = 1;
  for (auto n = std::ranges::count(d.rrn.format, 'N'); n > 0; --n)
    count *= 10;
  return count - 1;
}

std::string rrn_text(std::uint64_t number, const dialect& d, std::chrono::local_seconds now) {
  return text_of(d.rrn.format, number, now).value_or(std::string());
}

bool needs_rrn(const message& request, const dialect& d) {
  const char of_class = message_class(request.mti());
  return d.rrn.fill && (of_class == '1' || of_class == '2') && is_request(request.mti()) &&
         is_blank(request[fields::reference]) && !d.confirmation.mtis.contains(request.mti());
}

message with_rrn(const message& m, std::string_view rrn) {
  if (!m.wire().empty())
    return m;
  auto other = m;
  other.set(fields::reference, rrn);
  return other;
}

}  // namespace codec
