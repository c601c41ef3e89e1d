#include "actors/core/inspection_json.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>

#include "actors/core/json_object.hpp"

namespace actors {

namespace {

json_text shown(const inspection::latency& l) {
  return json_object("medianMs", thousandths{l.median_us}, "p99Ms", thousandths{l.p99_us}).json();
}

json_text shown(const inspection::stats& s) {
  return json_object("uptimeSeconds", thousandths{s.uptime_ms}, "approved", s.approved, "declined",
                     s.declined, "answered", s.answered, "refused", s.refused, "unknown", s.unknown,
                     "partRestarts", s.restarts, "perMinute", s.per_minute, "queue", shown(s.queue), "commit",
                     shown(s.commit), "host", shown(s.host), "total", shown(s.total))
    .json();
}

json_object members_of(const inspection::link& l) {
  return json_object("name", l.name, "group", l.group, "dialect", l.dialect, "state", l.state, "sinceSeconds",
                     thousandths{l.since_ms}, "inFlight", l.in_flight, "lastError", l.last_error, "attempts",
                     l.attempts, "dialError", l.dial_error);
}

json_text shown(const inspection::link_change& c) {
  return json_object("at", utc_text(c.at), "state", c.state, "why", c.why).json();
}

json_text shown(const inspection::terminal& t) {
  return json_object("tid", t.tid, "waiting", t.waiting, "oldestSeconds", thousandths{t.oldest_ms}, "head",
                     json_object("mti", t.mti, "stan", t.stan, "state", t.state).json(), "why", t.why)
    .json();
}

json_text shown(const inspection::open_case& c) {
  return json_object("case", c.id, "state", c.state, "group", c.group, "mti", c.mti, "tid", c.tid, "stan",
                     c.stan, "amount", c.amount, "currency", c.currency, "ageSeconds", c.age_s, "attempts",
                     c.attempts, "code", c.code, "codeMeaning", c.meaning, "why", c.why)
    .json();
}

json_text shown(const inspection::part& p) {
  return json_object("name", p.name, "restarts", p.restarts, "mailbox", p.mailbox, "upSeconds",
                     thousandths{p.up_ms})
    .json();
}

json_text shown(const inspection::reversal& r) {
  if (r.state.empty())
    return {"null"};
  return json_object("state", r.state, "at", utc_text(r.at), "attempts", r.attempts, "code", r.code,
                     "codeMeaning", r.meaning, "cause", r.cause, "why", r.why, "by", r.by)
    .json();
}

json_text shown(const inspection::transaction& t) {
  return json_object("number", t.number, "id", t.id, "at", utc_text(t.at), "by", t.by, "mti", t.mti, "tid",
                     t.tid, "stan", t.stan, "amount", t.amount, "currency", t.currency, "outcome", t.outcome,
                     "code", t.code, "codeMeaning", t.meaning, "refusal", t.refusal, "link", t.link,
                     "queueMs", thousandths{t.queue_us}, "commitMs", thousandths{t.commit_us}, "hostMs",
                     thousandths{t.host_us}, "totalMs", thousandths{t.total_us}, "reversal", shown(t.undone))
    .json();
}

template <class Item>
json_text list_of(const std::vector<Item>& items) {
  return json_array(items, [](const Item& i) { return shown(i); });
}

}  // namespace

std::string utc_text(std::int64_t at) {
  using namespace std::chrono;
  const sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(at)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int(date.year()), unsigned(date.month()),
                     unsigned(date.day()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count(), clock.subseconds().count());
}

std::string json_of(const inspection::stats& s) { return shown(s).text; }

std::string json_of(const inspection::summary& s) {
  const auto cases = json_object("needsOperator", s.needs_operator, "reversing", s.reversing, "unconfirmed",
                                 s.unconfirmed, "oldestReversalSeconds", s.oldest_reversal_s);
  return json_object("ready", s.ready, "problems", json_array(s.problems, std::identity()), "stats",
                     shown(s.numbers), "links",
                     json_array(s.links, [](const auto& l) { return members_of(l).json(); }), "openCases",
                     cases.json(), "blockedTerminals", s.blocked_terminals, "rememberedTransactions",
                     s.remembered, "journalHasRoom", s.journal_has_room)
    .json()
    .text;
}

std::string json_of(const inspection::links& l) {
  const auto all = json_array(
    l.all, [](const auto& one) { return members_of(one).add("history", list_of(one.history)).json(); });
  return json_object("links", all).json().text;
}

std::string json_of(const inspection::terminals& t) {
  return json_object("waiting", t.waiting, "more", t.more, "terminals", list_of(t.all)).json().text;
}

std::string json_of(const inspection::pending& p) {
  return json_object("cases", list_of(p.all), "more", p.more).json().text;
}

std::string json_of(const inspection::parts& p) { return json_object("actors", list_of(p.all)).json().text; }

std::string json_of(const inspection::transactions& t) {
  return json_object("transactions", list_of(t.all), "kept", t.kept, "fitting", t.fitting).json().text;
}

}  // namespace actors
