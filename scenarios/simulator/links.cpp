#include "scenarios/simulator/links.hpp"

#include "actors/program/hosts.hpp"
#include "scenarios/simulator/random_source.hpp"
#include "scenarios/simulator/world.hpp"

namespace simulator {

void choose_links(config::settings& s, std::uint64_t seed, std::uint64_t count) {
  random_source random(~seed);
  if (!(count == 2 || (count == 0 && random.chance(0.3))))
    return;
  auto link = s.upstreams.front();
  link.host = "host";
  link.port = 1;
  s.upstreams.clear();
  config::group_settings group;
  for (const char* name : {"main", "backup"}) {
    link.name = name;
    s.upstreams.push_back(link);
    group.links.emplace_back(name);
  }
  using config::link_order;
  group.order = random.one_of(std::vector{link_order::first, link_order::in_turn, link_order::least_pending});
  group.back = random.one_of(std::vector<std::chrono::seconds>{0s, 5s, 60s});
  if (random.chance(0.5))
    s.upstreams[1].dialect.name = "iso87-bcd";
  auto& other = s.upstreams[1];
  if (parts_of(seed) > 0 && other.dialect.name == "iso87-bcd")
    other.dialect.name =
      random.one_of(std::vector<std::string>{"iso87-bcd", "openWay", "iso87-ascii", "iso93-ascii"});
  // The editions say differently how the card was read.
  if (other.dialect.name == "iso93-ascii")
    other.set_fields = {{22, "210101210100"}, {25, "4021"}, {26, "5999"}};
  s.groups = {group};
}

std::optional<actors::upstreams> links_of(const config::settings& s, const codec::dialect& d) {
  if (s.groups.empty())
    return {};
  return std::get<actors::upstreams>(actors::make_upstreams(s, std::make_shared<const codec::dialect>(d)));
}

}  // namespace simulator
