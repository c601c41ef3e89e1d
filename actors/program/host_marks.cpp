// What tells an operator's changed host from the one that a transaction was sent to.

#include "actors/program/host_marks.hpp"

#include <algorithm>
#include <set>

#include "actors/core/digest.hpp"
#include "config/dialects.hpp"

namespace actors {

namespace {

// All that says how messages are written in it and what a reversal holds. A file may be another one by now.
std::string dialect_text_of(const config::dialect_settings& s) {
  const auto content = [](const std::variant<config::file_text, std::string>& read) {
    const auto* text = std::get_if<config::file_text>(&read);
    return text ? text->text : std::string();
  };
  return content(config::dialect_text(s.name)) + "\n" + s.overrides + "\n" +
         (s.exchange.empty() ? "" : content(config::read_json_file(s.exchange))) + "\n";
}

}  // namespace

std::map<std::string, std::uint64_t> marks_of_hosts(const config::settings& s) {
  const auto clients = s.groups.empty() ? "" : dialect_text_of(s.raw_listeners.front().dialect);
  const auto text_of = [&](const config::upstream_settings& link) {
    auto text = link.host + " " + std::to_string(link.port) + " " + std::to_string(link.listen_port) + " " +
                link.allowed + "\n" + clients + dialect_text_of(link.dialect);
    for (const auto& [number, value] : link.set_fields)
      text += "\n" + std::to_string(number) + "=" + value;
    return text;
  };
  const auto mark_of = [](const std::set<std::string>& links) {
    std::string text;
    for (const auto& link : links)
      text += link + "\n\n";
    return std::stoull(digest_of(text).substr(0, 15), nullptr, 16);
  };
  if (s.groups.empty())
    return {{s.upstreams.front().name, mark_of({text_of(s.upstreams.front())})}};
  std::map<std::string, std::uint64_t> marks;
  for (const auto& g : s.groups) {
    std::set<std::string> links;
    for (const auto& link : s.upstreams)
      if (std::ranges::find(g.links, link.name) != g.links.end())
        links.insert(text_of(link));
    marks[g.name] = mark_of(links);
  }
  return marks;
}

}  // namespace actors
