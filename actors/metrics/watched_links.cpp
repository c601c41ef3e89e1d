#include "actors/metrics/watched_links.hpp"

#include <algorithm>

namespace actors {

namespace {

std::int64_t milliseconds(caf::timespan t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(t).count();
}

}  // namespace

watched_links::watched* watched_links::find(const std::string& link) {
  const auto it = std::ranges::find(all_, link, [](const watched& w) { return w.now.link; });
  return it == all_.end() ? nullptr : &*it;
}

void watched_links::take(const host_report& h, time_point now) {
  if (h.gone)
    return void(std::erase_if(all_, [&h](const watched& w) { return w.now.link == h.link; }));
  auto* w = find(h.link);
  if (!w)
    w = &all_.emplace_back();
  w->now = h;
  if (h.is == link_condition::down)
    w->in_flight = 0;
  if (!w->changes.empty() && w->changes.back().is == h.is)
    return;
  w->changes.push_back(
    {now, h.is, h.is == link_condition::down && !h.last_error.empty() ? h.last_error : h.detail});
  if (w->changes.size() > history_max)
    w->changes.pop_front();
}

void watched_links::take(const link_load& l) {
  if (auto* w = find(l.link))
    w->in_flight = l.in_flight;
}

inspection::links watched_links::view(time_point now, std::int64_t utc_ms) const {
  inspection::links v;
  for (const auto& w : all_) {
    inspection::link l;
    l.name = w.now.link;
    l.group = w.now.upstream;
    l.dialect = w.now.dialect;
    l.state = to_string(w.now.is);
    l.since_ms = milliseconds(now - w.changes.back().at);
    l.in_flight = w.in_flight;
    l.last_error = w.now.last_error;
    l.attempts = w.now.attempts;
    l.dial_error = w.now.dial_error;
    for (const auto& c : w.changes)
      l.history.push_back({utc_ms - milliseconds(now - c.at), std::string(to_string(c.is)), c.why});
    v.all.push_back(std::move(l));
  }
  return v;
}

}  // namespace actors
