// Compares how the gateway is with the alarms that are on.

#include "actors/metrics/alarm_watch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace actors {

using namespace std::chrono_literals;

namespace {

constexpr auto repeated_after = 1h;
constexpr unsigned hourly_max = 24;
constexpr auto more_after = 1min;

struct condition {
  std::string text;
  std::size_t count = 1;
};

std::string host_named(const std::string& link) { return link.empty() ? "the host" : "the host " + link; }

std::map<std::pair<alarm_kind, std::string>, condition> conditions_of(const gateway_status& s,
                                                                      caf::timespan link_down_after) {
  std::map<std::pair<alarm_kind, std::string>, condition> all;
  if (const auto n = s.journal.parked; n != 0)
    all[{alarm_kind::case_parked, ""}] = {std::to_string(n) + (n == 1 ? " case needs" : " cases need") +
                                            " a person; `socketqueue pending --state=needs-you` lists them",
                                          n};
  if (!s.journal.has_room)
    all[{alarm_kind::journal_full, ""}] = {"The journal's disk has no room: new transactions are refused"};
  if (!s.journal.lost_key.empty())
    all[{alarm_kind::key_lost, ""}] = {"The journal's key " + s.journal.lost_key +
                                       " was removed, or is not what it was: no start can read the journal "
                                       "without the right one; put it back"};
  for (const auto& h : s.hosts)
    if (!h.up && h.since >= link_down_after)
      all[{alarm_kind::link_down, h.link}] = {"No requests are sent to " + host_named(h.link) + ", for " +
                                              std::to_string(h.since.count()) + " s" +
                                              (h.detail.empty() ? "" : ": " + h.detail)};
  return all;
}

std::string text_of_end(alarm_kind k, const std::string& link) {
  switch (k) {
    case alarm_kind::case_parked: return "No case needs a person any more";
    case alarm_kind::link_down:
      return "Requests are sent to " + host_named(link) + " again, or it was removed";
    case alarm_kind::journal_full: return "The journal's disk has room again";
    case alarm_kind::key_lost: return "The journal's key is as it was again";
    case alarm_kind::gateway_ended: break;
  }
  return "";
}

}  // namespace

const char* to_string(alarm_kind k) {
  constexpr const char* names[]{"case_parked", "link_down", "journal_full", "key_lost", "gateway_ended"};
  return names[static_cast<std::size_t>(k)];
}

const char* to_string(alarm_notice::state s) {
  constexpr const char* names[]{"raised", "repeated", "cleared"};
  return names[static_cast<std::size_t>(s)];
}

std::string json_of(const alarm_notice& n) {
  nlohmann::ordered_json body{{"id", n.id},     {"alarm", to_string(n.kind)}, {"state", to_string(n.is)},
                              {"at", n.at},     {"gateway", n.gateway},       {"link", n.link},
                              {"text", n.text}, {"count", n.count},           {"number", n.number}};
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<alarm_notice> alarm_watch::look(const gateway_status& now_is, time_point now,
                                            caf::timespan link_down_after,
                                            const std::function<std::string()>& new_id) {
  std::vector<alarm_notice> news;
  const auto say = [&news](const what& of, const alarm& a, alarm_notice::state is, std::string text) {
    news.push_back({a.id, of.first, of.second, is, std::move(text), a.count, a.notices});
  };
  const auto conditions = conditions_of(now_is, link_down_after);
  for (const auto& [of, c] : conditions) {
    const auto found = on_.find(of);
    if (found == on_.end()) {
      const auto& a = on_[of] = {new_id(), c.count, 1, 0, now};
      say(of, a, alarm_notice::state::raised, c.text);
      continue;
    }
    auto& a = found->second;
    const bool is_hourly = now - a.said >= repeated_after && a.hourly < hourly_max;
    const bool is_more = c.count > a.count && now - a.said >= more_after;
    if (!is_hourly && !is_more) {
      // Fewer now, and later more again, is more.
      a.count = std::min(a.count, c.count);
      continue;
    }
    a.hourly += is_hourly ? 1 : 0;
    a.count = c.count;
    a.said = now;
    ++a.notices;
    say(of, a, alarm_notice::state::repeated, c.text);
  }
  for (auto it = on_.begin(); it != on_.end();) {
    if (conditions.contains(it->first)) {
      ++it;
      continue;
    }
    it->second.count = 0;
    ++it->second.notices;
    say(it->first, it->second, alarm_notice::state::cleared, text_of_end(it->first.first, it->first.second));
    it = on_.erase(it);
  }
  return news;
}

std::size_t alarm_watch::count(alarm_kind k) const {
  return static_cast<std::size_t>(
    std::ranges::count_if(on_, [k](const auto& a) { return a.first.first == k; }));
}

}  // namespace actors
