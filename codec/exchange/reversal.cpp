#include "codec/exchange/reversal.hpp"

#include <algorithm>

#include "codec/exchange/local_time.hpp"
#include "codec/exchange/template.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"

namespace codec {

namespace {

bool contains(const codes& meant, std::string_view code) {
  return !code.empty() && meant.contains(without_leading_zeros(code));
}

bool contains(const codes& meant, const message& m) { return contains(meant, m[fields::response_code]); }

// Absent, or blanks alone.
bool has_no_code(const message& m) { return is_blank(m[fields::response_code]); }

bool is_copied(int number, const reversal_rules& r) {
  return number == fields::mti || ((r.copy.empty() || std::ranges::find(r.copy, number) != r.copy.end()) &&
                                   std::ranges::find(r.without, number) == r.without.end());
}

std::string reversal_mti(std::string_view original, const reversal_rules& r, int attempt) {
  if (attempt > 1) {
    if (const auto found = r.repeat_mtis.find(original); found != r.repeat_mtis.end())
      return found->second;
    if (!r.repeat_mti.empty())
      return r.repeat_mti;
  }
  const auto found = r.mtis.find(original);
  return found == r.mtis.end() ? r.mti : found->second;
}

// Of a client's own reversal: what the dialect says, else the acquirer's repeat (ISO 8583, fourth digit 1).
std::string repeat_mti_of(std::string_view mti, const reversal_rules& r) {
  if (mti == r.mti && !r.repeat_mti.empty())
    return r.repeat_mti;
  for (const auto& [original, own] : r.mtis)
    if (const auto found = r.repeat_mtis.find(original); own == mti && found != r.repeat_mtis.end())
      return found->second;
  std::string repeated(mti);
  if ((!r.repeat_mti.empty() || !r.repeat_mtis.empty()) && repeated.back() == '0')
    repeated.back() = '1';
  return repeated;
}

// 900000 to 999999, where terminals seldom count, and another than that of the original.
std::string own_stan(const message& original, std::uint64_t case_id) {
  constexpr std::uint64_t least = 900000, count = 100000;
  const auto stan = std::to_string(least + case_id % count);
  return original[fields::stan] == stan ? std::to_string(least + (case_id + 1) % count) : stan;
}

char edition_of(const message& m) { return m.mti().empty() ? '0' : m.mti().front(); }

// A function code of edition 1993.
constexpr std::string_view partial = "401";

const field_spec* function_code_of(const message& reversal, const dialect& d) {
  const auto* code = d.find("function_code");
  return code || edition_of(reversal) != '1' ? code : d.find(fields::function_code);
}

int replacement_amounts_of(const message& reversal, const dialect& d) {
  const auto* spec = d.find("replacement_amounts");
  return spec ? spec->number : edition_of(reversal) == '0' ? fields::replacement_amounts : 0;
}

}  // namespace

bool moves_money(const message& request, const dialect& d) {
  return d.reversal.of.contains(request.mti()) &&
         std::ranges::none_of(d.reversal.except_processing, [&](const std::string& p) {
           return request[fields::processing_code].starts_with(p);
         });
}

bool is_reversal(const message& request) {
  const auto mti = request.mti();
  return is_request(mti) && message_class(mti) == '4';
}

bool inquires(const message& request, const dialect& d) {
  if (!is_request(request.mti()) || moves_money(request, d) || is_reversal(request))
    return false;
  const auto response = d.response_mti(request.mti());
  return std::ranges::any_of(d.reversal.of, [&](const auto& mti) { return d.response_mti(mti) == response; });
}

std::string_view amount_that_stays(const message& reversal, const dialect& d) {
  const auto number = replacement_amounts_of(reversal, d);
  // The first twelve of its digits are the transaction amount; settlement and fees follow.
  const auto amount = number == 0 ? std::string_view() : reversal[number].substr(0, 12);
  const bool is_surely_one = d.find("replacement_amounts") || all_digits(amount);
  return is_surely_one && amount.find_first_of("123456789") != std::string_view::npos ? amount
                                                                                      : std::string_view();
}

int field_of_part(const message& reversal, const dialect& d) {
  if (!amount_that_stays(reversal, d).empty())
    return replacement_amounts_of(reversal, d);
  const auto* code = function_code_of(reversal, d);
  return code && without_leading_zeros(reversal[code->number]) == partial ? code->number : 0;
}

int field_that_denies_a_part(const message& reversal, const dialect& d) {
  const auto* code = function_code_of(reversal, d);
  return code && reversal.has(code->number) && without_leading_zeros(reversal[code->number]) != partial
           ? code->number
           : 0;
}

reply reply_of(const message& response, const dialect& d) {
  if (d.approves(response))
    return reply::approved;
  // Without a code nobody can say what the host did.
  if (has_no_code(response) || contains(d.reversal.undetermined, response))
    return reply::undetermined;
  return contains(d.reversal.duplicate, response) ? reply::duplicate : reply::declined;
}

reversal_reply reversal_reply_of(const message& response, const dialect& d, earlier_attempt earlier) {
  if (contains(d.reversal.done, response) ||
      (earlier == earlier_attempt::unanswered && contains(d.reversal.duplicate, response)))
    return reversal_reply::done;
  if (has_no_code(response) || contains(d.reversal.system_errors, response))
    return reversal_reply::system_error;
  return contains(d.reversal.not_found, response) ? reversal_reply::not_found : reversal_reply::refused;
}

bool says_not_found(std::string_view code, const dialect& d) { return contains(d.reversal.not_found, code); }

bool accepts(const message& response, const dialect& d) {
  return message_class(response.mti()) == '4'
           ? reversal_reply_of(response, d, earlier_attempt::none) == reversal_reply::done
           : d.approves(response);
}

void set_amount_to_undo(message& m, std::string_view asked, std::string_view approved, const dialect& d) {
  const auto sum = number_of(approved);
  const bool is_less = sum != 0 && sum < number_of(asked);
  const auto named = number_of(m[fields::amount]);
  if (is_less && m.has(fields::amount) && (named == sum || named == number_of(asked)))
    set_known(m, fields::amount, d.reversal.approved_amount ? approved : asked, d);
}

message reversal_of(const message& original, const message& heard, const dialect& d,
                    std::chrono::local_seconds now, reversal_attempt attempt) {
  const auto& rules = d.reversal;
  auto m = original;
  for (const auto& [number, value] : original)
    if (!is_copied(number, rules))
      m.erase(number);
  m.set(fields::mti, reversal_mti(original.mti(), rules, attempt.number));
  set_known(m, fields::transmission_time, transmission_time(now), d);
  if (rules.new_stan)
    set_known(m, fields::stan, own_stan(original, attempt.case_id), d);
  set_amount_to_undo(m, original[fields::amount], heard[fields::amount], d);
  for (const auto& [number, value] : rules.set)
    set_known(m, number, fill_template(value, original, d, now), d);
  for (const int number : {fields::reference, fields::approval_code})
    if (heard.has(number))
      m.set(number, std::string(heard[number]));
  // The host knows the request by the RRN that the gateway gave it.
  if (d.rrn.fill && original.has(fields::reference))
    set_known(m, fields::reference, original[fields::reference], d);
  return m;
}

message repeat_of(const message& reversal, const dialect& d, std::chrono::local_seconds now) {
  auto m = reversal;
  // Its reference, and how much it takes back, are what it says and not its request's.
  for (const int number : d.reversal.without)
    if (number != fields::reference && number != fields::approval_code && number != fields::amount &&
        number != field_of_part(reversal, d))
      m.erase(number);
  m.set(fields::mti, repeat_mti_of(reversal.mti(), d.reversal));
  set_known(m, fields::transmission_time, transmission_time(now), d);
  return m;
}

}  // namespace codec
