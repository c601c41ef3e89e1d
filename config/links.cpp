#include "config/links.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "config/config_file.hpp"
#include "config/duration.hpp"
#include "config/option_values.hpp"
#include "config/options.hpp"
#include "config/printable.hpp"
#include "config/route_ranges.hpp"

namespace config {

namespace {

using nlohmann::json;
using problem = std::optional<std::string>;

constexpr std::array<std::string_view, 3> lists{"upstreams", "groups", "routes"};

// Beside those of "The bank's host".
constexpr std::array<std::string_view, 2> more_of_a_link{"queueMessageKeyFields", "unknownFields"};
constexpr std::array<std::string_view, 2> never_of_a_link{"smartVista", "openWay"};

constexpr std::size_t name_max = 32;

std::string place(std::string_view list, std::size_t at) {
  return std::string(list) + "[" + std::to_string(at) + "]";
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= name_max && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// What stands there as text, a number or a word; nothing where it is something else.
std::optional<std::string> plain_text(const json& value) {
  if (value.is_string())
    return value.get<std::string>();
  if (value.is_number() || value.is_boolean())
    return value.dump();
  return {};
}

std::optional<std::vector<std::string>> as_texts(const json& value) {
  if (!value.is_array())
    return {};
  std::vector<std::string> all;
  for (const auto& item : value) {
    if (!item.is_string())
      return {};
    all.push_back(item.get<std::string>());
  }
  return all;
}

// The objects of a list; an error where it is no list of objects.
problem check_list(const json& file, std::string_view name) {
  const auto found = file.find(name);
  if (found == file.end())
    return {};
  if (!found->is_array() || found->empty())
    return std::string(name) + ": expected a list of objects, [{...}, ...], with at least one";
  for (std::size_t i = 0; i < found->size(); ++i)
    if (!(*found)[i].is_object())
      return place(name, i) + ": expected an object, {...}";
  return {};
}

// The name of the element; `path` gets ".name".
problem read_name(const json& object, const std::string& where, std::string& name) {
  const auto found = object.find("name");
  if (found == object.end())
    return where + ": `name` is missing, which logs, statistics and records call it by";
  if (!found->is_string() || !is_name(found->get<std::string>()))
    return where + ".name: expected 1 to 32 letters, digits, - or _";
  name = found->get<std::string>();
  return {};
}

// --- upstreams ---

const option* option_of_a_link(std::string_view name) {
  const auto* o = find_option(name);
  return o && is_option_of_a_link(*o) ? o : nullptr;
}

// "24:001,26:5999"
problem read_set_fields(const json& value, const std::string& where, std::map<int, std::string>& into) {
  if (!value.is_object())
    return where + ": expected an object of fields and their values, {\"24\": \"001\"}";
  for (const auto& [key, text] : value.items()) {
    int number = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
    if (error != std::errc() || end != key.data() + key.size() || number < 2 || number > 192)
      return where + ": expected field numbers, 2 to 192, not " + in_quotes(key);
    if (!text.is_string() || text.get<std::string>().empty())
      return where + "." + key + ": expected the value as text";
    into[number] = text.get<std::string>();
  }
  return {};
}

problem read_link(const settings& s, const json& object, const std::string& where, upstream_settings& link) {
  for (const auto& [key, value] : object.items()) {
    const auto at = where + "." + printable(key, '?');
    if (key == "name")
      continue;
    if (key == "setFields") {
      if (auto why = read_set_fields(value, at, link.set_fields))
        return why;
      continue;
    }
    const auto* o = option_of_a_link(key);
    if (!o && find_option(key))
      return at + ": this option is the gateway's, not a link's; put it beside `upstreams`";
    if (!o) {
      const auto near = nearest_option(key);
      return at + ": a link has no such option; " +
             (near.empty() ? "--help lists all, and its dialect is `hostConfig`"
                           : "did you mean " + in_quotes(near) + "?");
    }
    const auto text =
      value.is_array() && key == "queueMessageKeyFields" ? std::optional(value.dump()) : plain_text(value);
    if (!text)
      return at + " must be " + expected_of(*o) + ", not a list or an object";
    if (const auto why = fault_of_type(*o, value); !why.empty())
      return at + why;
    // Options write into the first of the list.
    settings one = s;
    one.upstreams = {link};
    auto bare = *text;
    std::erase_if(bare, [&value = value](char c) { return value.is_array() && (c == '[' || c == ']'); });
    if (const auto why = assign(one, *o, bare); !why.empty())
      return at + " " + why + (bare.empty() ? "" : ", not " + in_quotes(bare));
    link = one.upstreams.front();
  }
  return {};
}

problem read_upstreams(settings& s, const json& list) {
  const auto& flat = s.upstreams.front();
  if (flat.is_given() || flat.port != 0 || !flat.allowed.empty() || flat.in_turn)
    return "upstreams and the options upstreamHost, upstreamPort, upstreamListenPort, upstreamAllow and "
           "upstreamInTurn exclude each other: with a list each link has its own";
  std::vector<upstream_settings> links;
  std::set<std::string> names;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto where = place("upstreams", i);
    auto link = flat;
    if (auto why = read_name(list[i], where, link.name))
      return why;
    if (!names.insert(link.name).second)
      return where + ".name: there is a link " + in_quotes(link.name) + " already; give each its own name";
    if (auto why = read_link(s, list[i], where, link))
      return why;
    links.push_back(std::move(link));
  }
  s.upstreams = std::move(links);
  return {};
}

// --- groups ---

problem read_back(const json& value, const std::string& where, std::chrono::seconds& back) {
  const auto text = plain_text(value).value_or("");
  const auto time = read_duration(text.substr(0, text.find(' ')));
  const bool is_stable = text.find(' ') == std::string::npos || text.substr(text.find(' ')) == " stable";
  if (text == "at_once")
    back = {};
  else if (time && is_stable)
    back = *time;
  else
    return where + ": expected at_once, or how long a link must be up again first, as \"60s stable\"";
  return {};
}

problem read_group_member(const std::string& key, const json& value, const std::string& where,
                          group_settings& group) {
  if (key == "links" || key == "formerly") {
    auto names = as_texts(value);
    if (!names || names->empty())
      return where + ": expected a list of names with at least one, [\"main\", ...]";
    (key == "links" ? group.links : group.before) = std::move(*names);
    return {};
  }
  if (key == "order") {
    const auto why = assign_to(group.order, plain_text(value).value_or(""));
    return why.empty() ? problem() : where + " " + why;
  }
  if (key == "back")
    return read_back(value, where, group.back);
  return where + ": a group has no such member; it has name, links, order, back and formerly";
}

problem read_groups(settings& s, const json& list) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto where = place("groups", i);
    group_settings group;
    if (auto why = read_name(list[i], where, group.name))
      return why;
    if (!names.insert(group.name).second)
      return where + ".name: there is a group " + in_quotes(group.name) + " already; give each its own name";
    for (const auto& [key, value] : list[i].items())
      if (key != "name")
        if (auto why = read_group_member(key, value, where + "." + printable(key, '?'), group))
          return why;
    if (group.links.empty())
      return where + ": `links` is missing, the names of its links";
    s.groups.push_back(std::move(group));
  }
  return {};
}

// Each link stands in one group, each earlier name is one group's.
problem check_groups(const settings& s) {
  std::map<std::string, std::string> used, before;
  for (std::size_t i = 0; i < s.groups.size(); ++i) {
    const auto& g = s.groups[i];
    const auto where = place("groups", i);
    for (const auto& name : g.links) {
      if (std::ranges::find(s.upstreams, name, &upstream_settings::name) == s.upstreams.end())
        return where + ".links: there is no link " + in_quotes(name) + " in `upstreams`";
      if (const auto [it, is_new] = used.emplace(name, g.name); !is_new)
        return where + ".links: the link " + in_quotes(name) + " stands in the group " +
               in_quotes(it->second) + " already; a link belongs to one group";
    }
    for (const auto& name : g.before)
      if (std::ranges::find(s.groups, name, &group_settings::name) != s.groups.end() ||
          !before.emplace(name, g.name).second)
        return where + ".formerly: " + in_quotes(name) +
               " is the name of another group; its transactions would "
               "be taken for this one's";
  }
  for (std::size_t i = 0; i < s.upstreams.size(); ++i)
    if (!used.contains(s.upstreams[i].name))
      return place("upstreams", i) + ": the link " + in_quotes(s.upstreams[i].name) +
             " stands in no group; add it to the `links` of one";
  return {};
}

// --- routes ---

problem read_route_member(const std::string& key, const json& value, const std::string& where,
                          route_settings& route) {
  const auto text = plain_text(value);
  if (!text)
    return where + ": expected text";
  if (key == "group") {
    route.group = *text;
    return {};
  }
  if (key == "cards" || key == "terminals") {
    const auto why = key == "cards" ? read_cards(*text, route.cards) : read_terminals(*text, route.terminals);
    return why.empty() ? problem() : where + ": " + why;
  }
  return where + ": a route has no such member; it has cards, terminals and group";
}

problem read_routes(settings& s, const json& list) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto where = place("routes", i);
    route_settings route;
    for (const auto& [key, value] : list[i].items())
      if (auto why = read_route_member(key, value, where + "." + printable(key, '?'), route))
        return why;
    if (route.group.empty())
      return where + ": `group` is missing, the name of the group that gets these transactions";
    if (std::ranges::find(s.groups, route.group, &group_settings::name) == s.groups.end())
      return where + ".group: there is no group " + in_quotes(route.group);
    for (std::size_t earlier = 0; earlier < s.routes.size(); ++earlier)
      if (covers(s.routes[earlier], route))
        return where + ": it can never match, because " + place("routes", earlier) +
               " matches all of its transactions before; put the narrower route first";
    s.routes.push_back(std::move(route));
  }
  if (!s.routes.back().cards.is_all() || !s.routes.back().terminals.is_all())
    return place("routes", list.size() - 1) +
           ": the last route must match everything, without `cards` and `terminals`, so that each "
           "transaction has a group";
  return {};
}

}  // namespace

bool is_option_of_a_link(const option& o) {
  const auto of_host = option_groups().front().options;
  const bool is_hosts = std::ranges::find(of_host, o.name, &option::name) != of_host.end() &&
                        std::ranges::find(never_of_a_link, o.name) == never_of_a_link.end();
  return is_hosts || std::ranges::find(more_of_a_link, o.name) != more_of_a_link.end();
}

bool is_link_list(std::string_view name) { return std::ranges::find(lists, name) != lists.end(); }

problem read_link_lists(settings& s, const json& file) {
  for (const auto& name : lists)
    if (auto why = check_list(file, name))
      return why;
  if (!file.contains("upstreams")) {
    for (const auto& name : lists)
      if (file.contains(name))
        return std::string(name) + " needs the list `upstreams`, the links that it is about";
    return {};
  }
  if (auto why = read_upstreams(s, file.at("upstreams")))
    return why;
  if (file.contains("groups")) {
    if (auto why = read_groups(s, file.at("groups")))
      return why;
  } else {
    group_settings all;
    for (const auto& link : s.upstreams)
      all.links.push_back(link.name);
    s.groups.push_back(std::move(all));
  }
  if (auto why = check_groups(s))
    return why;
  if (file.contains("routes"))
    if (auto why = read_routes(s, file.at("routes")))
      return why;
  if (s.routes.empty() && s.groups.size() > 1)
    return "groups: there are several and no `routes`, so only the first would get anything; say which "
           "transactions go where";
  return {};
}

std::string why_links_cross(const settings& from, const settings& to) {
  const auto group_of = [](const settings& s, const upstream_settings& link) {
    const auto it = std::ranges::find_if(s.groups, [&link](const group_settings& g) {
      return std::ranges::find(g.links, link.name) != g.links.end();
    });
    return it == s.groups.end() ? std::string() : it->name;
  };
  for (const auto& now : to.upstreams)
    for (const auto& before : from.upstreams) {
      const bool is_same = now.name == before.name ||
                           (!now.host.empty() && now.host == before.host && now.port == before.port) ||
                           (now.listen_port != 0 && now.listen_port == before.listen_port);
      if (is_same && group_of(to, now) != group_of(from, before))
        return "the link '" + now.name + "' of group '" + group_of(to, now) + "' was '" + before.name +
               "' of group '" + group_of(from, before) +
               "': a group leads to one bank, and open reversals would go to another; this needs a restart, "
               "when nothing is open";
    }
  return {};
}

}  // namespace config
