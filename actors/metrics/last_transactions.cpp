#include "actors/metrics/last_transactions.hpp"

#include <algorithm>

#include "codec/fields.hpp"
#include "codec/message.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/latin1.hpp"

namespace actors {

using namespace std::chrono_literals;

namespace {

// Of which the latencies and the rate are.
constexpr caf::timespan measured_period = 10s;

std::int64_t microseconds(caf::timespan t) {
  return std::chrono::duration_cast<std::chrono::microseconds>(t).count();
}

std::string amount_of(const codec::message& m) {
  const std::string text(m[codec::fields::amount]);
  return text.substr(std::min(text.find_first_not_of('0'), text.empty() ? 0 : text.size() - 1));
}

inspection::latency latency_of(std::vector<std::int64_t> all) {
  if (all.empty())
    return {};
  const auto at = [&all](std::size_t hundredths) {
    const auto it = all.begin() + static_cast<std::ptrdiff_t>((all.size() * hundredths + 99) / 100 - 1);
    std::nth_element(all.begin(), it, all.end());
    return *it;
  };
  return {at(50), at(99)};
}

}  // namespace

void last_transactions::add(const message_ended& m, time_point now) {
  auto& e = all_.emplace_front(now);
  e.id = m.transaction;
  e.upstream = m.upstream;
  e.by_http = m.by_http;
  e.is = m.is;
  e.why = m.why;
  e.host_answered = m.host_answered;
  auto& t = e.what;
  t.number = ++count_;
  t.change = ++changes_;
  t.id = m.id;
  t.mti = m.mti;
  if (m.request) {
    const auto& r = *m.request;
    t.tid = r[codec::fields::tid];
    t.stan = r[codec::fields::stan];
    t.amount = amount_of(r);
    t.currency = r[codec::fields::currency];
  }
  t.code = m.code;
  t.link = m.link;
  t.queue_us = microseconds(m.waited);
  t.commit_us = microseconds(m.committing);
  t.host_us = microseconds(m.at_host);
  t.total_us = microseconds(m.total);
  if (all_.size() > inspection::transactions::kept_max)
    all_.pop_back();
}

void last_transactions::take(const case_changed& c, time_point now) {
  if (c.id == 0)
    return;
  cases_[c.id] = {now, c.is, ++changes_};
  // Numbers ascend, so the first one is of a transaction that is not kept any more, or soon will not be.
  if (cases_.size() > inspection::transactions::kept_max)
    cases_.erase(cases_.begin());
}

void last_transactions::make_visible(entry& e, const upstreams& hosts) {
  if (std::exchange(e.is_visible, true))
    return;
  e.what.by = e.by_http ? "http" : "raw";
  e.what.outcome = to_string(e.is);
  if (e.why)
    e.what.refusal = to_string(*e.why);
  if (const auto* host = hosts.find(e.upstream))
    e.what.meaning = host->dialect->meaning_of(e.what.code);
  for (auto* text : {&e.what.mti, &e.what.tid, &e.what.stan, &e.what.amount, &e.what.currency, &e.what.code})
    *text = codec::utf8_of_latin1(codec::masked_text(*text));
}

transactions_seen last_transactions::view(time_point now, std::int64_t utc_ms, const upstreams& hosts,
                                          const changed_transactions& wanted) {
  transactions_seen v{{{}, all_.size(), 0}, changes_};
  v.seen.all.reserve(std::min(all_.size(), wanted.most));
  // The changes that the question means may be those of another process.
  const auto after = wanted.after <= changes_ ? wanted.after : 0;
  const auto wall = [&](time_point at) { return utc_ms - microseconds(now - at) / 1000; };
  for (auto& e : all_) {
    const auto found = cases_.find(e.id);
    const bool has_case = found != cases_.end();
    const auto change = std::max(e.what.change, has_case ? found->second.change : 0);
    if (change <= after || ++v.seen.fitting > wanted.most)
      continue;
    make_visible(e, hosts);
    auto& t = v.seen.all.emplace_back(e.what);
    t.at = wall(e.ended);
    t.change = change;
    if (!has_case)
      continue;
    t.undone = found->second.is;
    t.undone.at = wall(found->second.changed);
  }
  return v;
}

void last_transactions::measure(inspection::stats& into, time_point now, caf::timespan uptime) const {
  const auto old =
    std::ranges::find_if(all_, [now](const entry& e) { return now - e.ended > measured_period; });
  const auto count = static_cast<std::size_t>(old - all_.begin());
  std::vector<std::int64_t> queue, commit, host, total;
  for (auto it = all_.begin(); it != old; ++it) {
    queue.push_back(it->what.queue_us);
    total.push_back(it->what.total_us);
    if (it->what.commit_us != 0)
      commit.push_back(it->what.commit_us);
    if (it->host_answered && it->what.host_us != 0)
      host.push_back(it->what.host_us);
  }
  into.queue = latency_of(std::move(queue));
  into.commit = latency_of(std::move(commit));
  into.host = latency_of(std::move(host));
  into.total = latency_of(std::move(total));
  auto period = std::clamp<caf::timespan>(uptime, 1s, measured_period);
  // More than are kept have ended in that time.
  if (count == inspection::transactions::kept_max)
    period = std::max<caf::timespan>(now - all_.back().ended, 1ms);
  into.per_minute = static_cast<std::uint64_t>(static_cast<double>(count) /
                                               std::chrono::duration<double, std::ratio<60>>(period).count());
}

}  // namespace actors
