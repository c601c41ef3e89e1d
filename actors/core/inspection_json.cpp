#include "actors/core/inspection_json.hpp"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

namespace actors {

namespace {

using nlohmann::ordered_json;

std::string line_of(const ordered_json& j) {
  return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

double seconds(std::int64_t milliseconds) { return static_cast<double>(milliseconds) / 1000; }
double milliseconds(std::int64_t microseconds) { return static_cast<double>(microseconds) / 1000; }

ordered_json shown(const inspection::latency& l) {
  return {{"medianMs", milliseconds(l.median_us)}, {"p99Ms", milliseconds(l.p99_us)}};
}

ordered_json shown(const inspection::stats& s) {
  return {{"uptimeSeconds", seconds(s.uptime_ms)},
          {"approved", s.approved},
          {"declined", s.declined},
          {"answered", s.answered},
          {"refused", s.refused},
          {"unknown", s.unknown},
          {"partRestarts", s.restarts},
          {"perMinute", s.per_minute},
          {"queue", shown(s.queue)},
          {"commit", shown(s.commit)},
          {"host", shown(s.host)},
          {"total", shown(s.total)}};
}

ordered_json shown(const inspection::link& l) {
  return {{"name", l.name},
          {"group", l.group},
          {"dialect", l.dialect},
          {"state", l.state},
          {"sinceSeconds", seconds(l.since_ms)},
          {"inFlight", l.in_flight},
          {"lastError", l.last_error},
          {"attempts", l.attempts},
          {"dialError", l.dial_error}};
}

ordered_json shown(const inspection::reversal& r) {
  if (r.state.empty())
    return nullptr;
  return {{"state", r.state},         {"at", utc_text(r.at)}, {"attempts", r.attempts}, {"code", r.code},
          {"codeMeaning", r.meaning}, {"cause", r.cause},     {"why", r.why},           {"by", r.by}};
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

std::string json_of(const inspection::stats& s) { return line_of(shown(s)); }

std::string json_of(const inspection::summary& s) {
  auto links = ordered_json::array();
  for (const auto& l : s.links)
    links.push_back(shown(l));
  return line_of({{"ready", s.ready},
                  {"problems", s.problems},
                  {"stats", shown(s.numbers)},
                  {"links", std::move(links)},
                  {"openCases",
                   {{"needsOperator", s.needs_operator},
                    {"reversing", s.reversing},
                    {"unconfirmed", s.unconfirmed},
                    {"oldestReversalSeconds", s.oldest_reversal_s}}},
                  {"blockedTerminals", s.blocked_terminals},
                  {"rememberedTransactions", s.remembered},
                  {"journalHasRoom", s.journal_has_room}});
}

std::string json_of(const inspection::links& l) {
  auto all = ordered_json::array();
  for (const auto& one : l.all) {
    auto link = shown(one);
    auto history = ordered_json::array();
    for (const auto& c : one.history)
      history.push_back({{"at", utc_text(c.at)}, {"state", c.state}, {"why", c.why}});
    link["history"] = std::move(history);
    all.push_back(std::move(link));
  }
  return line_of({{"links", std::move(all)}});
}

std::string json_of(const inspection::terminals& t) {
  auto all = ordered_json::array();
  for (const auto& one : t.all)
    all.push_back({{"tid", one.tid},
                   {"waiting", one.waiting},
                   {"oldestSeconds", seconds(one.oldest_ms)},
                   {"head", {{"mti", one.mti}, {"stan", one.stan}, {"state", one.state}}},
                   {"why", one.why}});
  return line_of({{"waiting", t.waiting}, {"more", t.more}, {"terminals", std::move(all)}});
}

std::string json_of(const inspection::pending& p) {
  auto all = ordered_json::array();
  for (const auto& c : p.all)
    all.push_back({{"case", c.id},
                   {"state", c.state},
                   {"group", c.group},
                   {"mti", c.mti},
                   {"tid", c.tid},
                   {"stan", c.stan},
                   {"amount", c.amount},
                   {"currency", c.currency},
                   {"ageSeconds", c.age_s},
                   {"attempts", c.attempts},
                   {"code", c.code},
                   {"codeMeaning", c.meaning},
                   {"why", c.why}});
  return line_of({{"cases", std::move(all)}, {"more", p.more}});
}

std::string json_of(const inspection::parts& p) {
  auto all = ordered_json::array();
  for (const auto& one : p.all)
    all.push_back({{"name", one.name},
                   {"restarts", one.restarts},
                   {"mailbox", one.mailbox},
                   {"upSeconds", seconds(one.up_ms)}});
  return line_of({{"actors", std::move(all)}});
}

std::string json_of(const inspection::transactions& t) {
  auto all = ordered_json::array();
  for (const auto& one : t.all)
    all.push_back({{"number", one.number},
                   {"id", one.id},
                   {"at", utc_text(one.at)},
                   {"by", one.by},
                   {"mti", one.mti},
                   {"tid", one.tid},
                   {"stan", one.stan},
                   {"amount", one.amount},
                   {"currency", one.currency},
                   {"outcome", one.outcome},
                   {"code", one.code},
                   {"codeMeaning", one.meaning},
                   {"refusal", one.refusal},
                   {"link", one.link},
                   {"queueMs", milliseconds(one.queue_us)},
                   {"commitMs", milliseconds(one.commit_us)},
                   {"hostMs", milliseconds(one.host_us)},
                   {"totalMs", milliseconds(one.total_us)},
                   {"reversal", shown(one.undone)}});
  return line_of({{"transactions", std::move(all)}, {"kept", t.kept}, {"fitting", t.fitting}});
}

}  // namespace actors
