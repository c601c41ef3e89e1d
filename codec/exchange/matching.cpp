#include "codec/exchange/matching.hpp"

#include <algorithm>

#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"

namespace codec {

namespace {

// Some count a number's blanks on its left, others on its right.
std::string_view bare(std::string_view value) {
  while (!value.empty() && (value.front() == '0' || value.front() == ' '))
    value.remove_prefix(1);
  while (!value.empty() && value.back() == ' ')
    value.remove_suffix(1);
  return value;
}

// Parts of a key: none of these is in a value.
constexpr char separator = '\x1f', has_value = '\x1e';

std::string_view take_part(std::string_view& key) {
  const auto end = std::min(key.find(separator), key.size());
  const auto part = key.substr(0, end);
  key.remove_prefix(std::min(end + 1, key.size()));
  return part;
}

}  // namespace

std::string pairing_key(const message& m, const dialect& d) {
  // Of a request that of its response, of which 0212 is not one.
  const auto mti = is_request(m.mti()) ? d.response_mti(m.mti()) : std::string(m.mti());
  auto key = mti;
  for (const int number : d.pairing.of(mti)) {
    key += separator;
    if (const auto value = m.value(number)) {
      key += has_value;
      key += bare(*value);
    }
  }
  return key;
}

bool may_pair(std::string_view key, std::string_view other) {
  if (take_part(key) != take_part(other))
    return false;
  bool some_equal = false;
  while (!key.empty() || !other.empty()) {
    const auto a = take_part(key), b = take_part(other);
    if (a.empty() || b.empty())
      continue;
    if (a != b)
      return false;
    some_equal = true;
  }
  return some_equal;
}

bool is_partial(std::string_view key) {
  const std::string absent{separator, separator};
  return key.ends_with(separator) || key.find(absent) != std::string_view::npos;
}

std::string terminal_of(const message& m) { return std::string(bare(m[fields::tid])); }

bool echoes(const message& response, const message& request, const dialect& d,
            const amounts_of_original& of) {
  const auto has_free_amount = [&d](const message& m) {
    return std::ranges::any_of(d.free_amount_processing, [&m](const std::string& p) {
      return m[fields::processing_code].starts_with(p);
    });
  };
  const bool is_free = has_free_amount(request);
  // A host may change the accounts in field 3, but an inquiry stays one.
  if (response.has(fields::processing_code) && has_free_amount(response) != is_free)
    return false;
  const bool reverses = is_reversal(request);
  const bool is_partial_approval =
    !reverses && d.free_amount_codes.contains(without_leading_zeros(response[fields::response_code]));
  const auto is_of_original = [&](std::string_view amount) {
    return !amount.empty() && (amount == bare(of.asked) || amount == bare(of.approved));
  };
  const bool may_have_approved_less =
    !of.asked.empty() && of.approved.empty() && !d.free_amount_codes.empty();
  const auto repeats = [&](int number) {
    const auto asked = request.value(number), answered = response.value(number);
    if (!asked || !answered)
      return true;
    const auto was = bare(*asked), is = bare(*answered);
    if (was == is)
      return true;
    // Of a partial approval less was approved, never more.
    const bool is_less = is.size() < was.size() || (is.size() == was.size() && is < was);
    return number == fields::amount &&
           (is_free || (is_partial_approval && is_less) ||
            (reverses && is_of_original(was) &&
             (is_of_original(is) || (may_have_approved_less && is_less && !is.empty()))));
  };
  return std::ranges::all_of(d.echoed, repeats);
}

}  // namespace codec
