#include "scenarios/player/stage.hpp"

#include <algorithm>

#include "codec/validate.hpp"
#include "config/log.hpp"

namespace player {

namespace {

// Every story begins at the same moment: 2026-11-23 12:00:00.
const auto beginning = *codec::parse_local_time("261123120000");

} // namespace

void scripted_host::dial(net::link_events events) {
  ++calls;
  if (how == manner::refuses)
    return events.down("cannot connect: Connection refused");
  line = std::make_shared<connection>();
  auto link = std::make_shared<memory_link>(line, "host");
  link->open(events);
  events.up(link);
  if (how == manner::answers_and_closes)
    line->vanishes("closed");
}

stage::stage(const config::settings& s, const codec::dialect& d, std::uint64_t seed, scripted_host::manner host_manner) : virtual_time(seed) {
  config::log::observe([this](config::log::level, const std::string& line) { log.push_back(line); });
  host->how = host_manner;
  auto e = std::make_shared<actors::environment>();
  e->settings = s;
  e->dialect = d;
  e->seed = seed;
  e->random = [dice = std::make_shared<std::mt19937_64>(seed)] { return (*dice)(); };
  e->local_time = [this, begun = now()] { return beginning + std::chrono::duration_cast<std::chrono::seconds>(now() - begun); };
  env = e;
  actors::roles roles;
  roles.host = host;
  roles.clients = door_;
  roles.http_clients = http_door_;
  gateway = own(actors::spawn_gateway(system, env, roles));
  settle();
}

stage::~stage() { config::log::observe({}); }

connection_ptr stage::enter(bool by_http) {
  auto c = (by_http ? http_door_ : door_)->enter();
  settle();
  return c;
}

caf::actor stage::part(const std::string& name) {
  using named = std::pair<std::string, caf::actor>;
  const auto roster = ask<std::vector<named>>(gateway, actors::roster_atom::value);
  if (!roster)
    return nullptr;
  const auto it = std::ranges::find(*roster, name, &named::first);
  return it == roster->end() ? nullptr : it->second;
}

std::string stage::statistics() {
  const auto line = ask<std::string>(caf::actor_cast<actors::stats_actor>(part("stats")), caf::get_atom::value);
  return line ? *line : "";
}

void stage::drain() {
  system.spawn([this](caf::event_based_actor* self) {
    self->request(gateway, caf::infinite, actors::drain_atom::value).then([this](const actors::test_report&) { ended = true; });
  });
  settle();
}

} // namespace player
