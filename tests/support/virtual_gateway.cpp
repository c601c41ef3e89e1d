#include "tests/support/virtual_gateway.hpp"

#include <catch2/catch.hpp>

#include "actors/core/framings.hpp"
#include "actors/program/hosts.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "config/load.hpp"
#include "config/log.hpp"

namespace support {

std::vector<codec::message> messages_in(const std::vector<net::bytes>& sent) {
  net::bytes stream;
  for (const auto& s : sent)
    stream += s;
  std::vector<codec::message> all;
  while (!stream.empty()) {
    auto front = codec::unpack_front(stream, smart_vista());
    REQUIRE(front.ok());
    all.push_back(std::move(front->value));
    stream.erase(0, front->size);
  }
  return all;
}

net::bytes wire(const codec::message& m) { return codec::pack(m, smart_vista()).value(); }

codec::message approval(const codec::message& request, const char* code) {
  auto m = request;
  m.set(0, codec::response_mti(request.mti()));
  m.set(37, "000000000001");
  m.set(39, code);
  return m;
}

namespace {

actors::dialect_ptr dialect_of(const config::dialect_settings& s) {
  // The settings' own name is not in lower case. Not the path of a file, as in the program, but its text.
  const auto text = s.name.starts_with('{') ? std::string_view(s.name) : config::built_in_dialect(s.name);
  auto d = text.empty() ? smart_vista() : codec::parse_dialect(text).value();
  if (const auto why = codec::override_fields(d, s.overrides))
    FAIL(*why);
  if (const auto why = s.exchange.empty() ? std::nullopt : codec::replace_host_rules(d, s.exchange))
    FAIL(*why);
  if (const auto why = s.network.empty() ? std::nullopt : codec::replace_network(d, s.network))
    FAIL(*why);
  return std::make_shared<const codec::dialect>(std::move(d));
}

}  // namespace

virtual_gateway::virtual_gateway(const std::function<void(config::settings&)>& change, bool with_host,
                                 std::uint64_t seed, std::size_t remembered_max)
  : player::virtual_time(seed) {
  config::log::observe([this](config::log::level, const std::string& line) { log.push_back(line); });
  auto e = std::make_shared<actors::environment>();
  e->settings = config::defaults();
  e->settings.upstreams.front().liveness.echo_interval = {};
  if (change)
    change(e->settings);
  const auto& host_settings = e->settings.upstreams.front();
  if (!e->settings.groups.empty()) {
    auto hosts = actors::make_upstreams(e->settings);
    if (const auto* why = std::get_if<std::string>(&hosts))
      FAIL(*why);
    e->upstreams = std::get<actors::upstreams>(std::move(hosts));
    e->routes = actors::routes(e->settings.routes);
  } else {
    e->upstreams = actors::upstreams::only(dialect_of(host_settings.dialect), host_settings);
  }
  e->seed = seed;
  e->remembered_max = remembered_max;
  e->random = [random_source = std::make_shared<std::mt19937_64>(seed)] { return (*random_source)(); };
  // The wall clock of this world: noon at the beginning.
  e->local_time = [this, begun = now()] {
    return noon + std::chrono::duration_cast<std::chrono::seconds>(now() - begun);
  };
  e->panic = [this](const std::string& why) {
    panicked = why;
    end_process();
  };
  env = e;
  begin();
  if (with_host && e->settings.groups.empty())
    host_answers();
}

virtual_gateway::~virtual_gateway() {
  kept.disk().process_ends();  // a lookup that waits for the disk keeps the journal, which keeps the disk
  config::log::observe({});
}

void virtual_gateway::begin() {
  actors::roles roles;
  if (!env->settings.journal.is_kept()) {
    roles.journal.pages = std::make_shared<actors::book>(env->upstreams);
  } else {
    auto opened = kept.open(*this, env);
    if (const auto* why = std::get_if<std::string>(&opened))
      FAIL("the journal lets no gateway begin: " << *why);
    roles.journal = std::get<actors::journal_parts>(std::move(opened));
  }
  for (const auto& group : env->upstreams.all())
    for (const auto& link : group->links)
      roles.links.push_back(
        {group->name, link, dialers[link->name] = std::make_shared<player::memory_dialer>()});
  if (roles.links.empty())
    roles.host = dialer;
  roles.clients = listener;
  const auto& raw = env->settings.raw_listeners.front();
  const auto dialect = dialect_of(raw.dialect);
  auto framing = actors::client_framing(raw.frame, *dialect);
  if (const auto* why = std::get_if<std::string>(&framing))
    FAIL(*why);
  roles.clients_at = std::make_shared<const actors::raw_port>(
    actors::raw_port{raw, dialect, std::get<net::framing>(std::move(framing))});
  roles.http_clients_at = std::make_shared<const actors::http_port>(actors::http_port{
    env->settings.http_listeners.front(), dialect_of(env->settings.http_listeners.front().dialect)});
  roles.http_clients = http_listener;
  roles.admin = admin_listener;
  roles.admin_at = roles.http_clients_at;
  *roles.admin_token = admin_token;
  roles.alarms = alarms;
  roles.save_statistics = save_statistics;
  roles.control = control_listener;
  gateway = own(actors::spawn_gateway(system, env, roles));
  run_until_idle();
}

// Disconnects the process first; what it has handed to the disk stays there.
void virtual_gateway::end_process() {
  kept.disk().process_ends();
  listener->stop();
  http_listener->stop();
  admin_listener->stop();
  control_listener->stop();
  if (host)
    host->gateway_stops();
  caf::anon_send_exit(gateway, caf::exit_reason::kill);
}

void virtual_gateway::restart() {
  end_process();
  run_until_idle();
  dialer = std::make_shared<player::memory_dialer>();
  listener = std::make_shared<player::memory_listener>();
  http_listener = std::make_shared<player::memory_listener>();
  admin_listener = std::make_shared<player::memory_listener>();
  control_listener = std::make_shared<player::memory_listener>();
  begin();
}

codec::message virtual_gateway::host_got_last() const {
  const auto all = host_got();
  REQUIRE_FALSE(all.empty());
  return all.back();
}

std::vector<actors::transaction> virtual_gateway::cases() {
  const auto all = ask<std::vector<actors::transaction>>(
    caf::actor_cast<actors::journal_actor>(part("journal")), actors::cases_atom::value);
  REQUIRE(all);
  return *all;
}

void virtual_gateway::host_answers() {
  REQUIRE(dialer->calling);
  host = dialer->answer_call();
  run_until_idle();
}

player::connection_ptr virtual_gateway::link_answers(const std::string& link) {
  auto& calls = *dialers.at(link);
  REQUIRE(calls.calling);
  auto line = calls.answer_call();
  run_until_idle();
  return line;
}

void virtual_gateway::host_says(const codec::message& m) {
  host->says(wire(m));
  run_until_idle();
}

player::connection_ptr virtual_gateway::client(const std::vector<codec::message>& says) {
  auto c = listener->enter();
  run_until_idle();
  net::bytes segment;
  for (const auto& m : says)
    segment += wire(m);
  if (!segment.empty())
    c->says(segment);
  run_until_idle();
  return c;
}

player::connection_ptr virtual_gateway::http_client(const net::bytes& says) {
  auto c = http_listener->enter();
  run_until_idle();
  if (!says.empty())
    c->says(says);
  run_until_idle();
  return c;
}

player::connection_ptr virtual_gateway::admin_client(const net::bytes& says) {
  auto c = admin_listener->enter();
  run_until_idle();
  c->says(says);
  run_until_idle();
  return c;
}

player::connection_ptr virtual_gateway::operator_says(const std::string& line) {
  auto c = control_listener->enter();
  run_until_idle();
  c->says(line + "\n");
  run_until_idle();
  return c;
}

codec::message virtual_gateway::purchase(const std::string& tid, const std::string& stan,
                                         const std::string& amount) {
  auto m = support::purchase(tid, stan, amount);
  m.set(12, codec::format_local_time(env->local_time()));
  return m;
}

caf::actor virtual_gateway::part(const std::string& name) {
  using named = std::pair<std::string, caf::actor>;
  const auto children = ask<std::vector<named>>(gateway, actors::children_atom::value);
  REQUIRE(children);
  const auto it = std::ranges::find(*children, name, &named::first);
  return it == children->end() ? nullptr : it->second;
}

std::vector<caf::actor> virtual_gateway::in_care_of(const std::string& name) {
  const auto children = ask<std::vector<caf::actor>>(caf::actor_cast<actors::acceptor_actor>(part(name)),
                                                     actors::children_atom::value);
  REQUIRE(children);
  return *children;
}

std::string virtual_gateway::statistics() {
  const auto line =
    ask<std::string>(caf::actor_cast<actors::stats_actor>(part("stats")), caf::get_atom::value);
  REQUIRE(line);
  return *line;
}

bool virtual_gateway::logged(const std::string& text) const {
  return std::ranges::any_of(
    log, [&text](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace support
