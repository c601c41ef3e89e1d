#include "actors/operator/case_page.hpp"

#include "actors/core/json_object.hpp"
#include "actors/reversal/retry_schedule.hpp"
#include "actors/transaction/operator_decision.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/latin1.hpp"

namespace actors {

using namespace std::chrono_literals;

namespace {

// A reply is complete before it is sent, and a link with 1 MB of unsent bytes is closed.
constexpr std::size_t page_max = 256 * 1024;

// What the reversal waits for before it is sent again (reversal/retry_schedule); nothing where it is not sent
// by itself.
std::optional<std::int64_t> next_attempt(const transaction& p, time_point now) {
  using lifecycle::state;
  if (p.attempt_under_way || p.state == state::unconfirmed)
    return {};
  const auto pause = p.state == state::parked ? slow_pause : pause_behind_attempt(p.attempts).value_or(0s);
  return std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(p.since + pause - now).count());
}

json_text case_row(const transaction& p, const environment& env, std::int64_t now, time_point clock) {
  const auto& d = env.upstreams.dialect_of(p.upstream);
  const auto text = [&](int number, std::string_view value) {
    const auto* spec = d.find(number);
    return codec::utf8_of_latin1(spec ? codec::shown(value, *spec) : "");
  };
  const auto field = [&](const codec::message& m, int number) { return text(number, m[number]); };
  const std::chrono::local_seconds begun{std::chrono::seconds(p.begun)};
  const auto& m = *p.request;
  json_object c("case", p.id, "state", listed_state(p.state), "mti",
                codec::utf8_of_latin1(codec::masked_text(m.mti())), "tid", field(m, 41), "stan", field(m, 11),
                "amount", text(4, amount_of(p)), "currency", field(m, 49), "card", p.card, "merchant",
                field(m, 42), "rrn", field(p.reference_fields, 37), "begun", codec::format_local_time(begun),
                "attempts", p.attempts, "code", codec::utf8_of_latin1(codec::masked_text(p.code)),
                "code_meaning", d.meaning_of(p.code), "why", codec::masked_text(p.why), "attention",
                needs_a_look(p, now));
  c.add("age_seconds", std::max<std::int64_t>(0, now - p.begun), "attempt_under_way", p.attempt_under_way);
  if (p.attempts != 0)
    c.add("last_attempt_answered", p.last_answered);
  if (p.attempts != 0 && p.last_ended != 0)
    c.add("last_attempt_seconds", std::max<std::int64_t>(0, now - p.last_ended));
  const bool by_itself = !env.settings.delivery.no_auto_reversal || codec::is_reversal(m);
  if (const auto seconds = next_attempt(p, clock); seconds && by_itself)
    c.add("next_attempt_seconds", *seconds);
  if (!p.upstream.empty())
    c.add("group", p.upstream);
  return c.json();
}

}  // namespace

std::string case_page_text(const cases_page& page, const case_filter& filter, const environment& env,
                           time_point clock) {
  const auto now =
    std::chrono::duration_cast<std::chrono::seconds>(env.local_time().time_since_epoch()).count();
  auto next = page.next;
  transaction_id last = 0;
  std::string rows;
  for (const auto& c : page.cases) {
    if (rows.size() > page_max) {
      next = last;  // the next page has the rest
      break;
    }
    if (matches(filter, c, now))
      rows += (rows.empty() ? "" : ",") + case_row(c, env, now, clock).text;
    last = c.id;
  }
  if (!filter.cases.empty() && last >= filter.cases.back().second)
    next = 0;
  return "{\"cases\":[" + rows + "]" + (next != 0 ? ",\"next\":" + std::to_string(next) : "") + "}";
}

}  // namespace actors
