#include "actors/program/changed_links.hpp"

#include <algorithm>

#include "actors/program/dialers.hpp"
#include "actors/program/hosts.hpp"
#include "config/links.hpp"

namespace actors {

namespace {

// Groups but for their links.
bool are_alike(config::group_settings a, config::group_settings b) {
  a.links = b.links = {};
  return a == b;
}

bool has_alike(const config::settings& s, const std::string& group, const config::upstream_settings& link) {
  const auto it = std::ranges::find(s.upstreams, link.name, &config::upstream_settings::name);
  const auto g = std::ranges::find(s.groups, group, &config::group_settings::name);
  return it != s.upstreams.end() && *it == link && g != s.groups.end() &&
         std::ranges::find(g->links, link.name) != g->links.end();
}

}  // namespace

std::variant<dialed_links, std::string> changed_links(const config::settings& from,
                                                      const config::settings& to, net::loop& on) {
  if (!std::ranges::equal(from.groups, to.groups, are_alike))
    return "the groups are others now, not their links alone, which needs a restart";
  if (auto why = config::why_links_cross(from, to); !why.empty())
    return why;
  auto hosts = make_upstreams(to);
  if (auto* why = std::get_if<std::string>(&hosts))
    return std::move(*why);
  dialed_links all;
  for (const auto& group : std::get<upstreams>(hosts).all())
    for (const auto& link : group->links) {
      dialed_link l{group->name, link, nullptr};
      if (!has_alike(from, group->name, link->settings)) {
        auto dialer = make_dialer_of(*link, on);
        if (const auto* why = std::get_if<std::string>(&dialer))
          return "upstreams, link '" + link->name + "': " + *why;
        l.dialer = std::get<std::shared_ptr<net::dialer>>(std::move(dialer));
      }
      all.push_back(std::move(l));
    }
  return all;
}

}  // namespace actors
