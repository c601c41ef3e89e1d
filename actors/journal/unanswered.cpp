#include "actors/journal/unanswered.hpp"

#include <algorithm>

#include "actors/protocol/response_times.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/fields.hpp"

namespace actors {

std::string unanswered_requests::key_of(const codec::message& request, const std::string& upstream,
                                        const codec::dialect& d) {
  return upstream + "/" + d.response_mti(request.mti()) + "/" + codec::terminal_of(request) + "/" +
         std::string(codec::without_leading_zeros(request[codec::fields::stan]));
}

// By both clocks: after a restart `since` is young, and a wall clock may have been set back.
bool unanswered_requests::is_owed(const one& r, time_point now, std::int64_t wall) {
  return now - r.since < response_owed_for && wall - r.wall < response_owed_for.count() &&
         (!r.answered || now - *r.answered < response_repeated_for);
}

void unanswered_requests::add(const request_without_money& r, const codec::dialect& d, time_point now,
                              std::int64_t wall) {
  auto key = key_of(*r.request, r.upstream, d);
  if (all_.try_emplace(r.id, one{key, now, wall}).second)
    by_key_.emplace(std::move(key), r.id);
}

void unanswered_requests::answered(transaction_id id, time_point now) {
  const auto it = all_.find(id);
  if (it == all_.end() || it->second.answered)
    return;
  it->second.answered = now;
  answered_.emplace_back(now, id);
}

void unanswered_requests::remove(transaction_id id) {
  const auto it = all_.find(id);
  const auto [first, last] = by_key_.equal_range(it->second.key);
  by_key_.erase(std::find_if(first, last, [id](const auto& entry) { return entry.second == id; }));
  all_.erase(it);
}

bool unanswered_requests::has(const codec::message& request, const std::string& upstream,
                              const codec::dialect& d, time_point now, std::int64_t wall) const {
  if (by_key_.empty())
    return false;
  const auto [first, last] = by_key_.equal_range(key_of(request, upstream, d));
  return std::any_of(first, last,
                     [&](const auto& entry) { return is_owed(all_.at(entry.second), now, wall); });
}

std::vector<transaction_id> unanswered_requests::take_old(time_point now, std::int64_t wall) {
  std::vector<transaction_id> old;
  while (!all_.empty() && (all_.size() > count_max || !is_owed(all_.begin()->second, now, wall))) {
    old.push_back(all_.begin()->first);
    remove(old.back());
  }
  for (; !answered_.empty() && now - answered_.front().first >= response_repeated_for;
       answered_.pop_front()) {
    const auto id = answered_.front().second;
    if (!all_.contains(id))
      continue;
    old.push_back(id);
    remove(id);
  }
  return old;
}

}  // namespace actors
