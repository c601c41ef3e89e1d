#include "actors/operator/readiness.hpp"

#include <algorithm>

namespace actors {

namespace {

// Whether requests for its bank go over another link while this one is down.
bool is_replaced(const gateway_status::host& down, const gateway_status& s) {
  return std::ranges::any_of(s.hosts, [&down](const auto& h) { return h.up && h.upstream == down.upstream; });
}

}  // namespace

std::string name_of(const gateway_status::host& h) { return h.link.empty() ? "host" : h.link; }

std::vector<problem> problems_of(const gateway_status& s) {
  std::vector<problem> all;
  if (s.hosts.empty())
    all.push_back({"host", "no link to the host yet"});
  for (const auto& h : s.hosts)
    if (!h.up && !is_replaced(h, s))
      all.push_back({name_of(h), h.detail + ", for " + std::to_string(h.since.count()) + " s"});
  if (!s.journal.has_room)
    all.push_back({"journal", "its disk has room only to end what is open"});
  if (s.journal.oldest_reversal > reversal_age_max)
    all.push_back({"reversals", "the oldest open one was due " +
                                  std::to_string(s.journal.oldest_reversal.count()) + " s ago"});
  return all;
}

}  // namespace actors
