#include "codec/exchange/request_rules.hpp"

#include <algorithm>

#include "codec/exchange/local_time.hpp"
#include "codec/fields.hpp"

namespace codec {

namespace {

bool is_one_of(char c, char in_pattern) {
  switch (in_pattern) {
    case '?': return true;
    case '#': return c >= '0' && c <= '9';
    case '@': return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    default: return c == in_pattern;
  }
}

// ISO/IEC 7812-1, annex B: every second digit from the right counts double.
bool has_check_digit(std::string_view digits) {
  if (digits.size() < 2)
    return false;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[digits.size() - 1 - i] - '0';
    if (digit < 0 || digit > 9)
      return false;
    const int counted = i % 2 == 0 ? digit : 2 * digit;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 == 0;
}

bool is_date(std::string_view value, const time_digits& form) {
  std::string digits = "240101000000";  // of a leap year, for a 29 February without its year
  if (value.size() != form.size)
    return false;
  return parse_local_time(digits.replace(form.from, form.size, value)).has_value();
}

bool holds(const condition& c, const message& m, const dialect& d) {
  const auto value = value_at(m, c.path, d);
  return value.has_value() == c.present && (!c.present || c.like.empty() || is_like(*value, c.like));
}

bool concerns(const presence_rule& rule, const message& m, const dialect& d) {
  return (rule.of.empty() || std::ranges::find(rule.of, m.mti()) != rule.of.end()) &&
         std::ranges::all_of(rule.when, [&](const condition& c) { return holds(c, m, d); });
}

part_fault fault_at(fault_code code, const std::string& path, const dialect& d) {
  const auto* spec = d.find(std::string_view(path).substr(0, path.find('.')));
  return {{code, spec ? spec->number : whole_message}, path};
}

void check_parts(std::string_view bytes, const composite& parts, const std::string& path, int number,
                 std::vector<part_fault>& faults) {
  const auto elements = split(bytes, parts);
  if (!elements)
    return;
  for (const auto& e : *elements) {
    if (!e.spec)
      continue;
    const auto here = path + "." + e.name;
    if (const auto broken = broken_value_rule(text_of(e, parts), *e.spec))
      faults.push_back({{*broken, number}, here});
    if (e.spec->parts)
      check_parts(e.value, *e.spec->parts, here, number, faults);
  }
}

void check_values(const message& m, const dialect& d, std::vector<part_fault>& faults) {
  for (const auto& [number, value] : m) {
    const auto* spec = d.find(number);
    if (!spec || value_fault(value, *spec))
      continue;
    const auto path = std::to_string(number);
    if (const auto broken = broken_value_rule(value, *spec))
      faults.push_back({{*broken, number}, path});
    if (spec->parts)
      check_parts(content_of(m, *spec), *spec->parts, path, number, faults);
  }
}

}  // namespace

// Of several * only the last one is ever tried again, so time grows with text and pattern, and not with both
// many times over: a client chooses the text.
bool is_like(std::string_view text, std::string_view pattern) {
  constexpr auto none = std::string_view::npos;
  std::size_t at = 0, in_pattern = 0, star = none, star_ends = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      star_ends = at;
    } else if (in_pattern < pattern.size() && is_one_of(text[at], pattern[in_pattern])) {
      ++at;
      ++in_pattern;
    } else if (star != none) {
      in_pattern = star + 1;
      at = ++star_ends;
    } else {
      return false;
    }
  }
  while (in_pattern < pattern.size() && pattern[in_pattern] == '*')
    ++in_pattern;
  return in_pattern == pattern.size();
}

std::optional<fault_code> broken_value_rule(std::string_view value, const field_spec& spec) {
  const auto& rules = spec.rules;
  if (rules.only_values && !spec.values.contains(value))
    return fault_code::unknown_value;
  if (rules.date && !is_date(value, *rules.date))
    return fault_code::bad_date;
  if (rules.luhn && !has_check_digit(value))
    return fault_code::wrong_check_digit;
  if (!rules.pattern.empty() && !is_like(value, rules.pattern))
    return fault_code::wrong_form;
  return {};
}

std::vector<part_fault> broken_rules(const message& request, const dialect& d) {
  std::vector<part_fault> faults;
  for (const auto& rule : d.rules) {
    if (!concerns(rule, request, d))
      continue;
    for (const auto& path : rule.mandatory)
      if (!value_at(request, path, d))
        faults.push_back(fault_at(fault_code::missing, path, d));
    for (const auto& path : rule.forbidden)
      if (value_at(request, path, d))
        faults.push_back(fault_at(fault_code::forbidden, path, d));
  }
  if (d.has_value_rules)
    check_values(request, d, faults);
  return faults;
}

}  // namespace codec
