#include "actors/operator/admin_replies.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace actors {

namespace {

using nlohmann::ordered_json;

// A text may have any bytes; the result is JSON all the same.
std::string text_of(const ordered_json& body) {
  return body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

net::http_reply json_reply(unsigned status, std::string text) {
  return {status, "application/json", std::move(text) + "\n", {{"Cache-Control", "no-store"}}};
}

ordered_json listed(const std::vector<problem>& problems) {
  auto all = ordered_json::array();
  for (const auto& p : problems)
    all.push_back({{"part", p.part}, {"detail", p.detail}});
  return all;
}

}  // namespace

std::string status_text(const gateway_status& s) {
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
  return text_of({{"ready", problems_of(s).empty()},
                  {"problems", listed(problems_of(s))},
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

net::http_reply status_reply(const gateway_status& s) { return json_reply(200, status_text(s)); }

net::http_reply ready_reply(const gateway_status& s) {
  const auto problems = problems_of(s);
  const bool ready = problems.empty();
  return json_reply(ready ? 200 : 503, text_of({{"ready", ready}, {"problems", listed(problems)}}));
}

net::http_reply view_reply(const std::string& json) { return json_reply(200, json); }

net::http_reply dialects_reply(const std::vector<std::string>& names, const upstreams& hosts) {
  std::map<std::string, std::string> meanings;
  for (const auto& host : hosts.all())
    for (const auto& [code, meaning] : host->dialect->response_codes)
      if (auto& text = meanings[code]; text.empty())
        text = meaning;
      else if (text != meaning)
        text += " / " + meaning;
  return json_reply(200, text_of({{"dialects", names}, {"responseCodes", meanings}}));
}

net::http_reply problem_reply(unsigned status, std::string_view code, std::string_view title) {
  return {status,
          "application/problem+json",
          ordered_json{{"status", status}, {"code", code}, {"title", title}}.dump() + "\n",
          {}};
}

net::http_reply unauthorized_reply(std::string_view authorization, std::string_view token) {
  if (token.empty())
    return problem_reply(403, "no_token", "Decisions are off: the gateway has no adminTokenFile");
  constexpr std::string_view where = "it is the one word in the file that the option adminTokenFile names";
  auto reply = authorization.empty()
                 ? problem_reply(401, "unauthorized",
                                 "A decision needs the header Authorization: Bearer TOKEN with the gateway's "
                                 "token: " +
                                   std::string(where))
                 : problem_reply(401, "wrong_token",
                                 "The token is wrong: this gateway has another one; " + std::string(where) +
                                   ", on the gateway's machine. Nothing was done");
  reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  return reply;
}

bool is_authorized(std::string_view authorization, std::string_view token) {
  constexpr std::string_view scheme = "bearer ";
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  // Its case does not matter (RFC 9110, 11.1).
  if (token.empty() || !std::ranges::equal(authorization.substr(0, scheme.size()), scheme, {}, lower))
    return false;
  authorization.remove_prefix(scheme.size());
  unsigned differs = authorization.size() == token.size() ? 0 : 1;
  for (std::size_t i = 0; i < authorization.size(); ++i)
    differs |=
      static_cast<unsigned char>(authorization[i]) ^ static_cast<unsigned char>(token[i % token.size()]);
  return differs == 0;
}

}  // namespace actors
