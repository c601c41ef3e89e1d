#include "actors/remote/inspect_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "actors/core/inspection_json.hpp"
#include "config/printable.hpp"

namespace actors {

namespace {

// Text of others must not move the cursor or colour the screen.
std::string plain(const std::string& text) { return config::printable(text, '.'); }

std::string milliseconds(std::int64_t microseconds) {
  return fmt::format("{:.1f}", static_cast<double>(microseconds) / 1000);
}

std::string latency_row(const char* of, const inspection::latency& l) {
  return fmt::format("  {:<8} {:>10} {:>10}", of, milliseconds(l.median_us), milliseconds(l.p99_us));
}

// Why it was lost, and why it is not there again.
std::string why_down(const inspection::link& l) {
  if (l.state == "up")
    return {};
  const auto dial = l.dial_error.empty() ? "" : "last dial: " + l.dial_error;
  return l.last_error + (l.last_error.empty() || dial.empty() ? "" : "; ") + dial;
}

std::string link_row(const inspection::link& l) {
  return fmt::format("  {:<12} {:<10} {:>9} {:>9}  {}",
                     plain(l.name.empty()    ? "host"
                           : l.group.empty() ? l.name
                                             : l.group + "/" + l.name),
                     l.state, duration_text(l.since_ms), l.in_flight, plain(why_down(l)));
}

std::string link_head() {
  return fmt::format("  {:<12} {:<10} {:>9} {:>9}  {}", "link", "state", "since", "in flight", "why");
}

// "900 (no such terminal)", or the code alone.
std::string code_text(const std::string& code, const std::string& meaning) {
  return meaning.empty() ? code : code + " (" + meaning + ")";
}

// What became of a transaction that is to be reversed, in one line.
std::string line_of(const inspection::reversal& r) {
  if (r.state.empty())
    return {};
  const auto* verb = r.state == "reversing"   ? "being reversed since "
                     : r.state == "needs you" ? "needs you since "
                                              : "";
  auto text = verb + (*verb ? "" : r.state + " at ") + utc_text(r.at).substr(11, 8) +
              fmt::format(", {} attempt{}", r.attempts, r.attempts == 1 ? "" : "s");
  if (!r.code.empty())
    text += ", last code " + code_text(r.code, r.meaning);
  if (!r.by.empty())
    text += ", by " + r.by;
  return text + (r.why.empty() ? "" : ": " + r.why);
}

text_lines numbers_of(const inspection::stats& s) {
  return {fmt::format("up {}, {} messages a minute, parts started again: {}", duration_text(s.uptime_ms),
                      s.per_minute, s.restarts),
          fmt::format("approved {}, declined {}, answered {}, refused {}, unknown {}", s.approved, s.declined,
                      s.answered, s.refused, s.unknown)};
}

}  // namespace

std::string duration_text(std::int64_t ms) {
  constexpr std::int64_t second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
  if (ms < minute)
    return fmt::format("{:.1f} s", static_cast<double>(ms) / second);
  if (ms < hour)
    return fmt::format("{} min", ms / minute);
  return ms < 2 * day ? fmt::format("{} h", ms / hour) : fmt::format("{} d", ms / day);
}

text_lines table_of(const inspection::stats& s) {
  auto lines = numbers_of(s);
  lines.push_back(fmt::format("  {:<8} {:>10} {:>10}", "ms", "median", "99 %"));
  lines.push_back(latency_row("queue", s.queue));
  lines.push_back(latency_row("journal", s.commit));
  lines.push_back(latency_row("host", s.host));
  lines.push_back(latency_row("total", s.total));
  return lines;
}

text_lines table_of(const inspection::summary& s) {
  text_lines lines{s.ready ? "ready" : "NOT READY"};
  for (const auto& p : s.problems)
    lines.push_back("  " + plain(p));
  for (auto& line : table_of(s.numbers))
    lines.push_back(std::move(line));
  lines.push_back(link_head());
  for (const auto& l : s.links)
    lines.push_back(link_row(l));
  lines.push_back(fmt::format("open cases: {} need you, {} reversing, {} unconfirmed; terminals blocked: {}",
                              s.needs_operator, s.reversing, s.unconfirmed, s.blocked_terminals));
  return lines;
}

text_lines table_of(const inspection::links& all) {
  text_lines lines{link_head()};
  for (const auto& l : all.all) {
    lines.push_back(link_row(l));
    for (const auto& c : l.history)
      lines.push_back(fmt::format("    {} {:<10} {}", utc_text(c.at), c.state, plain(c.why)));
  }
  return lines;
}

text_lines table_of(const inspection::terminals& t) {
  text_lines lines{fmt::format("  {:<16} {:>7} {:>9}  {:<4} {:<6} {}", "terminal", "behind", "oldest", "mti",
                               "stan", "why")};
  for (const auto& one : t.all)
    lines.push_back(fmt::format("  {:<16} {:>7} {:>9}  {:<4} {:<6} {}", plain(one.tid), one.waiting,
                                duration_text(one.oldest_ms), plain(one.mti), plain(one.stan),
                                plain(one.why)));
  if (t.more != 0)
    lines.push_back(fmt::format("  and {} terminals more", t.more));
  return lines;
}

text_lines table_of(const inspection::pending& p) {
  text_lines lines{fmt::format("  {:<8} {:<12} {:<10} {:<6} {:>12} {:>9}  {}", "case", "state", "terminal",
                               "stan", "amount", "age", "why")};
  for (const auto& c : p.all)
    lines.push_back(
      fmt::format("  {:<8} {:<12} {:<10} {:<6} {:>12} {:>9}  {}", c.id, c.state, plain(c.tid), plain(c.stan),
                  plain(c.amount), duration_text(c.age_s * 1000),
                  plain(c.why + (c.code.empty() ? "" : ", code " + code_text(c.code, c.meaning)))));
  if (p.more)
    lines.push_back("  and more; `socketqueue pending` lists all");
  return lines;
}

text_lines table_of(const inspection::parts& p) {
  text_lines lines{fmt::format("  {:<28} {:>9} {:>9} {:>8}", "actor", "up", "restarts", "mailbox")};
  for (const auto& one : p.all)
    lines.push_back(fmt::format("  {:<28} {:>9} {:>9} {:>8}", plain(one.name),
                                one.up_ms == 0 ? "starting" : duration_text(one.up_ms), one.restarts,
                                one.mailbox));
  return lines;
}

text_lines table_of(const inspection::transactions& t) {
  text_lines lines{fmt::format("  {:<12} {:<4} {:<4} {:<10} {:<6} {:>12} {:<9} {:<14} {:>8}  {}", "at", "by",
                               "mti", "terminal", "stan", "amount", "outcome", "code", "ms", "meaning")};
  for (const auto& one : t.all) {
    lines.push_back(fmt::format(
      "  {:<12} {:<4} {:<4} {:<10} {:<6} {:>12} {:<9} {:<14} {:>8}  {}", utc_text(one.at).substr(11, 12),
      one.by, plain(one.mti), plain(one.tid), plain(one.stan), plain(one.amount), one.outcome,
      plain(one.refusal.empty() ? one.code : one.refusal), milliseconds(one.total_us), plain(one.meaning)));
    if (const auto undone = line_of(one.undone); !undone.empty())
      lines.push_back("    " + plain(undone));
  }
  return lines;
}

}  // namespace actors
