#include "actors/operator/admin_replies.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace actors {

namespace {

using nlohmann::ordered_json;

net::http_reply json_reply(unsigned status, const ordered_json& body) {
  return {status,
          "application/json",
          body.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n",
          {{"Cache-Control", "no-store"}}};
}

std::string name_of(const gateway_status::host& h) { return h.link.empty() ? "host" : h.link; }

// Whether requests for its bank go over another link while this one is down.
bool is_replaced(const gateway_status::host& down, const gateway_status& s) {
  return std::ranges::any_of(s.hosts, [&down](const auto& h) { return h.up && h.upstream == down.upstream; });
}

// A part that has a problem, and what it is.
ordered_json problem(const std::string& part, const std::string& detail) {
  return {{"part", part}, {"detail", detail}};
}

ordered_json problems_of(const gateway_status& s) {
  auto all = ordered_json::array();
  if (s.hosts.empty())
    all.push_back(problem("host", "no link to the host yet"));
  for (const auto& h : s.hosts)
    if (!h.up && !is_replaced(h, s))
      all.push_back(problem(name_of(h), h.detail + ", for " + std::to_string(h.since.count()) + " s"));
  if (!s.journal.has_room)
    all.push_back(problem("journal", "its disk has room only to end what is open"));
  if (s.journal.oldest_reversal > reversal_age_max)
    all.push_back(problem("reversals", "the oldest open one was due " +
                                         std::to_string(s.journal.oldest_reversal.count()) + " s ago"));
  return all;
}

}  // namespace

net::http_reply status_reply(const gateway_status& s) {
  auto hosts = ordered_json::array();
  for (const auto& h : s.hosts) {
    ordered_json one{
      {"name", name_of(h)}, {"up", h.up}, {"seconds", h.since.count()}, {"times_lost", h.times_lost}};
    if (!h.upstream.empty())
      one["group"] = h.upstream;
    if (!h.up)
      one["detail"] = h.detail;
    hosts.push_back(std::move(one));
  }
  const auto& j = s.journal;
  return json_reply(200, {{"ready", problems_of(s).empty()},
                          {"problems", problems_of(s)},
                          {"uptime_seconds", s.uptime.count()},
                          {"hosts", std::move(hosts)},
                          {"messages",
                           {{"approved", s.approved},
                            {"declined", s.declined},
                            {"answered", s.answered},
                            {"refused", s.refused},
                            {"unknown", s.unknown}}},
                          {"open_cases",
                           {{"needs_operator", j.parked},
                            {"reversing", j.reversing},
                            {"unconfirmed", j.unconfirmed},
                            {"oldest_reversal_seconds", j.oldest_reversal.count()}}},
                          {"blocked_terminals", j.blocked_terminals},
                          {"remembered_transactions", j.remembered},
                          {"part_restarts", s.restarts}});
}

net::http_reply ready_reply(const gateway_status& s) {
  auto problems = problems_of(s);
  const bool ready = problems.empty();
  return json_reply(ready ? 200 : 503, {{"ready", ready}, {"problems", std::move(problems)}});
}

net::http_reply problem_reply(unsigned status, std::string_view code, std::string_view title) {
  return {status,
          "application/problem+json",
          ordered_json{{"status", status}, {"code", code}, {"title", title}}.dump() + "\n",
          {}};
}

bool is_authorized(std::string_view authorization, std::string_view token) {
  constexpr std::string_view scheme = "Bearer ";
  if (token.empty() || !authorization.starts_with(scheme))
    return false;
  authorization.remove_prefix(scheme.size());
  unsigned differs = authorization.size() == token.size() ? 0 : 1;
  for (std::size_t i = 0; i < authorization.size(); ++i)
    differs |=
      static_cast<unsigned char>(authorization[i]) ^ static_cast<unsigned char>(token[i % token.size()]);
  return differs == 0;
}

}  // namespace actors
