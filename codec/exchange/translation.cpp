#include "codec/exchange/translation.hpp"

#include <algorithm>
#include <tuple>

#include "codec/exchange/example.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/network.hpp"
#include "codec/exchange/renumber.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/exchange/template.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"

namespace codec {

namespace {

using std::chrono::local_seconds;

constexpr std::string_view function_code = "function_code", network_id = "network_id";

// --- fields ---

// A place whose content the two sides agree upon.
bool is_for_agreement(const field_spec& s) {
  return s.alias.empty() || s.alias.starts_with("reserved_") || s.alias.starts_with("additional_");
}

bool means_the_same(const field_spec& a, const field_spec& b) {
  return a.alias == b.alias || is_for_agreement(a) || is_for_agreement(b);
}

// The value in the width of the field; nothing where it does not fit.
std::optional<std::string> fitting(std::string_view value, const field_spec& spec) {
  const auto most = spec.text_size_max();
  if (is_digits(spec.form.what) && all_digits(value))
    while (value.size() > most && value.front() == '0')
      value.remove_prefix(1);
  if (value_fault(value, spec))
    return {};
  return canonical(value, spec);
}

// Of editions 1987 and 1993 the one has a function code, the other the network's number in the same place.
// Both say nothing of the transaction. What names the original of a reversal is said anew.
bool may_be_left_out(const field_spec& spec, const message& m, const dialect& from) {
  return spec.alias == function_code || spec.alias == network_id ||
         (is_reversal(m) && from.reversal.set.contains(spec.number));
}

enum class misfits : bool { refuse, leave_out };

// Copies what means the same in both.
std::optional<fault> copy_fields(message& into, const message& m, const dialect& from, const dialect& to,
                                 misfits how) {
  for (const auto& [number, value] : m) {
    if (number == fields::mti || from.local_time.has(number) || to.local_time.has(number) || into.has(number))
      continue;
    const auto *was = from.find(number), *is = to.find(number);
    const bool has_place = was && is && means_the_same(*was, *is);
    if (const auto text = has_place ? fitting(value, *is) : std::nullopt)
      into.set(number, *text);
    else if (how == misfits::refuse && !(was && !has_place && may_be_left_out(*was, m, from)))
      return fault{
        has_place ? value_fault(value, *is).value_or(fault_code::too_long) : fault_code::unknown_field,
        number};
  }
  return {};
}

// What is missing of the date is that which is nearest to field 7, so that it is the same at each attempt.
std::optional<local_seconds> moment_of(const message& m, const dialect& d, local_seconds now) {
  const auto sent = m[fields::transmission_time];
  std::optional<local_seconds> near;
  if (sent.size() == 10)
    for (const int years : {0, -1, 1}) {
      const auto year = format_local_time(now + years * std::chrono::days(365)).substr(0, 2);
      const auto t = parse_local_time(year + std::string(sent));
      if (t && (!near || std::chrono::abs(*t - now) < std::chrono::abs(*near - now)))
        near = t;
    }
  return local_time_of(m, d, near.value_or(now));
}

bool has_time_alike(const dialect& a, const dialect& b) {
  return std::ranges::equal(a.local_time.parts, b.local_time.parts, [](const auto& x, const auto& y) {
    return x.field == y.field && x.from == y.from && x.size == y.size;
  });
}

// False where it says a time that is none.
bool copy_time(message& into, const message& m, const dialect& from, const dialect& to, local_seconds now) {
  if (has_time_alike(from, to)) {
    for (const auto& part : from.local_time.parts)
      if (m.has(part.field))
        set_known(into, part.field, m[part.field], to);
    return true;
  }
  if (from.local_time.parts.empty() || local_time_text(m, from).empty())
    return true;
  const auto time = moment_of(m, from, now);
  if (time)
    set_local_time(into, to, *time);
  return time.has_value();
}

// --- requests ---

char edition_of(const dialect& d) {
  const auto& mti = d.reversal.of.empty() ? d.purchase.mti : *d.reversal.of.begin();
  return mti.empty() ? '0' : mti.front();
}

std::string mti_for(std::string_view mti, const dialect& from, const dialect& to) {
  std::string other(mti);
  other[0] = edition_of(to);
  if (message_class(mti) != '4' || to.reversal.mti.empty())
    return other;
  if (!from.reversal.repeat_mti.empty() && mti == from.reversal.repeat_mti)
    return to.reversal.repeat_mti.empty() ? to.reversal.mti : to.reversal.repeat_mti;
  return mti == from.reversal.mti ? to.reversal.mti : other;
}

void set_function_code(message& m, const dialect& d) {
  const auto* spec = d.find(function_code);
  const auto rule = d.mandatory.find(m.mti());
  const auto is_due = [&] {
    return rule != d.mandatory.end() && std::ranges::find(rule->second, spec->number) != rule->second.end();
  };
  const auto kind = message_class(m.mti());
  if (spec && !m.has(spec->number) && (kind == '1' || kind == '2') && is_due())
    set_known(m, spec->number, std::string{kind} + "00", d);
}

// What a client's own reversal says of its original.
message original_said_by(const message& reversal, const message& translated, const dialect& from,
                         const dialect& to) {
  auto original = translated;
  original.set(fields::stan, std::string(named_stan(reversal, from)));
  for (const auto& mti : to.reversal.of)
    if (is_purchase_request(mti))
      original.set(fields::mti, mti);
  return original;
}

// The same where the original is known. Not all of it may be kept: what it lacks beside its times is as the
// reversal has it, such as the acquirer.
message original_known_as(const message& known, const message& translated, const dialect& to) {
  auto original = known;
  for (const auto& [number, value] : translated)
    if (number != fields::transmission_time && !to.local_time.has(number) && !original.has(number))
      original.set(number, value);
  return original;
}

// A client's own reversal names its original as the host wants it. Where the host's dialect has no original
// data elements, the reversal's own STAN and time do.
void name_original(message& m, const message& reversal, const message& original, const dialect& from,
                   const dialect& to, local_seconds now) {
  bool is_named = false;
  for (const auto& [number, text] : to.reversal.set) {
    const auto same = from.reversal.set.find(number);
    const bool is_said = same != from.reversal.set.end() && same->second == text && reversal.has(number);
    set_known(m, number, is_said ? std::string(reversal[number]) : fill_template(text, original, to, now),
              to);
    is_named = is_named || repeats_stan(text, to);
  }
  if (is_named)
    return;
  m.set(fields::stan, std::string(original[fields::stan]));
  for (const auto& part : to.local_time.parts)
    if (original.has(part.field))
      m.set(part.field, std::string(original[part.field]));
}

// A request that concerns the network: what it is for is said in other words.
result<message> translated_echo(const message& request, const dialect& from, const dialect& to,
                                local_seconds now) {
  if (kind_of(request, from) != network_kind::echo || to.echo.mti.empty())
    return fault{fault_code::unknown_value, from.network.field};
  message given;
  for (const int number : {fields::transmission_time, fields::stan, fields::tid})
    if (request.has(number))
      given.set(number, std::string(request[number]));
  return example_of(to.echo, given, to, now);
}

result<message> translated(const message& request, const dialect& from, const dialect& to,
                           const templates& set, local_seconds now, misfits how) {
  message m(mti_for(request.mti(), from, to));
  for (const auto& [number, text] : set)
    set_known(m, number, fill_template(text, request, from, now), to);
  if (const auto broken = copy_fields(m, request, from, to, how))
    return *broken;
  if (!copy_time(m, request, from, to, now) && how == misfits::refuse)
    return fault{fault_code::bad_date, from.local_time.parts.front().field};
  set_function_code(m, to);
  return m;
}

// A purchase that says no local time gets that of its sending where the host wants one.
void set_time_if_due(message& m, const dialect& d, local_seconds now) {
  const auto rule = d.mandatory.find(m.mti());
  const auto is_due = [&](const auto& part) {
    return rule != d.mandatory.end() && std::ranges::find(rule->second, part.field) != rule->second.end();
  };
  if (std::ranges::any_of(d.local_time.parts, is_due))
    set_local_time(m, d, now);
}

// The host would take back all: where its dialect cannot say that a part is meant, and where a function code
// that the client has not given says the opposite.
result<message> refused_if_in_part(result<message> m, const message& request, const dialect& from,
                                   const dialect& to) {
  if (!m || !reverses_a_part(request, from))
    return m;
  if (!reverses_a_part(*m, to) || amount_that_stays(request, from) != amount_that_stays(*m, to) ||
      (field_that_denies_a_part(*m, to) != 0 && field_that_denies_a_part(request, from) == 0))
    return fault{fault_code::in_part, field_of_part(request, from)};
  return m;
}

// --- codes of field 39 ---

bool is_one_of(const codes& some, std::string_view code) {
  return some.contains(without_leading_zeros(code));
}

// What a response with this code means for the money. A reversal that is not done has no code that a client
// would read as an approval.
using code_meaning = std::tuple<reply, bool, reversal_reply, reversal_reply>;

code_meaning meaning_of(const std::string& code, std::string_view mti, const dialect& d) {
  message m(mti);
  if (!code.empty())
    m.set(fields::response_code, code);
  if (message_class(mti) == '4') {
    const auto means = reversal_reply_of(m, d, earlier_attempt::none);
    return {reply::declined, means != reversal_reply::done && d.approves(m), means,
            reversal_reply_of(m, d, earlier_attempt::unanswered)};
  }
  return {reply_of(m, d), is_one_of(d.free_amount_codes, code), reversal_reply::done, reversal_reply::done};
}

// The codes that may be meant, the likeliest first.
std::vector<std::string> candidates(const std::string& code, const dialect& from, const dialect& to) {
  std::vector<std::string> all;
  if (from.approvals == to.approvals && edition_of(from) == edition_of(to))
    all.push_back(code);
  const auto &was = from.answers, &is = to.answers;
  for (const auto& [a, b] :
       {std::pair(&was.approved, &is.approved), std::pair(&was.insufficient_funds, &is.insufficient_funds),
        std::pair(&was.not_found, &is.not_found), std::pair(&was.not_permitted, &is.not_permitted),
        std::pair(&was.system_error, &is.system_error)})
    if (without_leading_zeros(*a) == without_leading_zeros(code))
      all.push_back(*b);
  for (const auto* answer : {&is.approved, &is.not_permitted, &is.system_error, &is.not_found})
    all.push_back(*answer);
  for (const auto* some : {&to.free_amount_codes, &to.reversal.undetermined, &to.reversal.duplicate,
                           &to.reversal.system_errors, &to.reversal.not_found})
    all.insert(all.end(), some->begin(), some->end());
  for (const auto& [known, _] : to.response_codes)
    all.push_back(known);
  return all;
}

// Empty where the other dialect has no code of that meaning.
std::string code_for(const message& response, std::string_view mti, const dialect& from, const dialect& to) {
  const std::string code(response[fields::response_code]);
  if (is_blank(code))
    return {};
  const auto meant = meaning_of(code, response.mti(), from);
  for (const auto& other : candidates(code, from, to))
    if (meaning_of(other, mti, to) == meant)
      return other;
  return {};
}

// Where both have it and the response has it too, it is as the request has it.
void copy_of_request(message& m, const message& response, const message& request, const dialect& from,
                     const dialect& to) {
  std::vector<int> numbers = to.pairing.of(m.mti());
  numbers.insert(numbers.end(), to.echoed.begin(), to.echoed.end());
  for (const int number : numbers)
    if (number != fields::amount && request.has(number) && response.has(number))
      m.set(number, std::string(request[number]));
  const bool says_time = !local_time_text(response, from).empty();
  for (const auto& part : to.local_time.parts)
    if (says_time && request.has(part.field))
      m.set(part.field, std::string(request[part.field]));
}

}  // namespace

result<message> translated_request(const message& request, const dialect& from, const dialect& to,
                                   const templates& set, local_seconds now) {
  if (!request.wire().empty())
    return fault{fault_code::unknown_field};
  if (message_class(request.mti()) == '8')
    return translated_echo(request, from, to, now);
  auto m = translated(request, from, to, set, now, misfits::refuse);
  if (!m)
    return m;
  if (from.reversal.of.contains(request.mti()) && !to.reversal.of.contains(m->mti()))
    return fault{fault_code::not_reversible, fields::mti};
  if (!is_reversal(request)) {
    set_time_if_due(*m, to, now);
    return m;
  }
  name_original(*m, request, original_said_by(request, *m, from, to), from, to, now);
  return refused_if_in_part(std::move(*m), request, from, to);
}

result<message> translated_reversal(const message& reversal, const known_original& of, const dialect& from,
                                    const dialect& to, const templates& set, local_seconds now) {
  if (!reversal.wire().empty())
    return fault{fault_code::unknown_field};
  auto m = translated(reversal, from, to, set, now, misfits::refuse);
  if (!m)
    return m;
  if (of.in_part && !reverses_a_part(reversal, from) &&
      (edition_of(from) != edition_of(to) || from.reversal.set != to.reversal.set))
    return fault{fault_code::forbidden, fields::amount};
  const auto original = original_known_as(translated_original(*of.request, from, to, set, now), *m, to);
  name_original(*m, reversal, original, from, to, now);
  if (!of.in_part)
    set_amount_to_undo(*m, original[fields::amount], of.approved_amount, to);
  return refused_if_in_part(std::move(*m), reversal, from, to);
}

message translated_original(const message& request, const dialect& from, const dialect& to,
                            const templates& set, local_seconds now) {
  auto m = *translated(request, from, to, set, now, misfits::leave_out);
  set_time_if_due(m, to, now);
  return m;
}

message translated_response(const message& response, const message* request, const dialect& from,
                            const dialect& to, local_seconds now) {
  std::string mti(response.mti());
  mti[0] = edition_of(to);
  message m(request ? to.response_mti(request->mti()) : mti);
  if (request)
    copy_of_request(m, response, *request, from, to);
  else
    copy_time(m, response, from, to, now);
  copy_fields(m, response, from, to, misfits::leave_out);
  m.erase(fields::response_code);
  if (const auto code = code_for(response, m.mti(), from, to); !code.empty())
    set_code(m, code, to);
  return m;
}

}  // namespace codec
