// What tells an operator's changed host from the one that a transaction was sent to.

#include "actors/program/host_marks.hpp"

#include <algorithm>
#include <set>

#include "actors/core/digest.hpp"
#include "codec/dialect/file/essence.hpp"
#include "config/dialects.hpp"

namespace actors {

namespace {

std::string content_of(const std::variant<config::file_text, std::string>& read) {
  const auto* text = std::get_if<config::file_text>(&read);
  return text ? text->text : std::string();
}

dialect_texts texts_of(const config::dialect_settings& s) {
  const auto dialect = content_of(config::dialect_text(s.name));
  const auto in_file = [](const std::string& path) {
    return path.empty() ? "" : codec::essence_of_dialect(content_of(config::read_json_file(path)));
  };
  return {codec::essence_of_dialect(dialect) + "\n" + s.overrides + "\n" + in_file(s.exchange) + "\n",
          codec::examples_of_dialect(dialect) + "\n" + in_file(s.network)};
}

}  // namespace

texts_of_dialects texts_of(const config::settings& s) {
  texts_of_dialects all{texts_of(s.raw_listeners.front().dialect), {}};
  for (const auto& link : s.upstreams)
    all.links[link.name] = texts_of(link.dialect);
  return all;
}

std::map<std::string, std::uint64_t> marks_of_hosts(const config::settings& s,
                                                    const texts_of_dialects& in_use) {
  const auto clients = s.groups.empty() ? "" : in_use.clients.messages;
  const auto text_of = [&](const config::upstream_settings& link) {
    auto text = link.host + " " + std::to_string(link.port) + " " + std::to_string(link.listen_port) + " " +
                link.allowed + "\n" + clients + in_use.links.at(link.name).messages;
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
