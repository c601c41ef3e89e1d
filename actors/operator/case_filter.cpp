// Which open cases an operator means.
//
// The command line and the control socket use the same filters, so the gateway understands what the command
// accepts.

#include "actors/operator/case_filter.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "actors/transaction/operator_decision.hpp"
#include "codec/exchange/matching.hpp"
#include "config/duration.hpp"

namespace actors {

namespace {

using range = case_filter::range;

constexpr std::string_view names[] = {"state", "older", "amount", "tid"};
constexpr std::string_view states[] = {"needs-you", "unconfirmed", "reversing"};

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return {};
  return number;
}

// "1000..5000", either end optional, or "1000".
std::optional<range> read_amounts(std::string_view text) {
  const auto dots = text.find("..");
  const auto low = text.substr(0, dots), high = dots == std::string_view::npos ? low : text.substr(dots + 2);
  if (low.empty() && high.empty())
    return {};
  const auto first = low.empty() ? 0 : number_of(low),
             last = high.empty() ? std::numeric_limits<std::uint64_t>::max() : number_of(high);
  if (!first || !last || *first > *last)
    return {};
  return range(*first, *last);
}

std::optional<range> read_range(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = number_of(text.substr(0, dash)),
             last = dash == std::string_view::npos ? first : number_of(text.substr(dash + 1));
  if (!first || !last || *first == 0 || *first > *last)
    return {};
  return range(*first, *last);
}

bool within(std::uint64_t number, const range& r) { return r.first <= number && number <= r.second; }

}  // namespace

bool is_filter(std::string_view name) { return std::ranges::find(names, name) != std::end(names); }

std::optional<std::vector<range>> read_cases(std::string_view text) {
  std::vector<range> all;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    const auto r = read_range(text.substr(0, comma));
    if (!r)
      return {};
    all.push_back(*r);
    more = comma != std::string_view::npos;
    text.remove_prefix(more ? comma + 1 : text.size());
  }
  std::ranges::sort(all);
  std::vector<range> apart;
  for (const auto& r : all)
    if (!apart.empty() && r.first <= apart.back().second)
      apart.back().second = std::max(apart.back().second, r.second);
    else
      apart.push_back(r);
  return apart;
}

std::string read_filter(std::string_view name, std::string_view value, case_filter& into) {
  if ((name == "cases" && !into.cases.empty()) || (name == "state" && !into.state.empty()) ||
      (name == "older" && into.older) || (name == "amount" && into.amount) ||
      (name == "tid" && !into.tid.empty()))
    return (name == "cases" ? "cases" : "--" + std::string(name)) + " is given twice; give it once";
  if (name == "cases") {
    auto cases = read_cases(value);
    into.cases = cases ? std::move(*cases) : std::vector<range>();
    return cases ? "" : "cases are named as 3, 3-17 or 3-17,20";
  }
  if (name == "state") {
    into.state = value == "needs-you" ? "needs you" : std::string(value);
    return std::ranges::find(states, value) == std::end(states)
             ? "--state must be needs-you, unconfirmed or reversing"
             : "";
  }
  if (name == "older") {
    // 0 too: a number without its unit may be mistyped, and 0 would mean every case.
    if (value.find_first_not_of("0123456789") != std::string_view::npos)
      into.older = config::read_duration(value);
    return into.older ? "" : "--older must be a time with its unit, as 90s, 15min, 2h or 1d";
  }
  if (name == "amount") {
    into.amount = read_amounts(value);
    return into.amount
             ? ""
             : "--amount must be an amount, 1000, or two, 1000..5000, in the currency's smallest unit";
  }
  into.tid = value;
  return value.empty() || value.find_first_of(" \n") != std::string_view::npos
           ? "--tid must be a terminal's id, as `socketqueue pending` shows it"
           : "";
}

bool matches(const case_filter& f, const transaction& p, std::int64_t now) {
  if (!f.cases.empty() && std::ranges::none_of(f.cases, [&p](const range& r) { return within(p.id, r); }))
    return false;
  if (!f.state.empty() && f.state != listed_state(p.state))
    return false;
  if (f.older && now - p.begun < f.older->count())
    return false;
  if (f.amount && !within(number_of(amount_of(p)).value_or(0), *f.amount))
    return false;
  // As everywhere in the gateway, leading zeros of a TID do not count.
  return f.tid.empty() || codec::without_leading_zeros(f.tid) == codec::terminal_of(*p.request);
}

}  // namespace actors
