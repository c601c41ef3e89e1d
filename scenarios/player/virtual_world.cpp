// A story's world in virtual time.
//
// The gateway is the program's own, from its root actor down. The emulator and the test clients are separate
// root actors, as they would be separate processes.

#include "scenarios/player/virtual_world.hpp"

#include <algorithm>

#include "actors/program/hosts.hpp"
#include "codec/exchange/local_time.hpp"
#include "config/log.hpp"

namespace player {

namespace {

// Every story begins at the same time: 2026-11-23 12:00:00.
const auto beginning = *codec::parse_local_time("261123120000");

// A test client's dialer to the gateway.
class test_client_dialer final : public net::dialer {
public:
  explicit test_client_dialer(std::function<void(const net::link_events&)> call) : call_(std::move(call)) {}

  void dial(net::link_events events) override { call_(events); }
  void abandon() override {}
  bool waits() const override { return false; }
  const std::string& target() const override { return target_; }

private:
  std::function<void(const net::link_events&)> call_;
  std::string target_ = "gateway";
};

}  // namespace

void story_host::accept_dial(const net::link_events& events) {
  ++calls;
  if (how == host_behaviour::refuses)
    return events.down("cannot connect: Connection refused");
  if (how == host_behaviour::is_bank) {
    const auto c = std::make_shared<memory_pipe>();
    emulator_line = c;
    auto [gateways_end, banks_end] = memory_pipe::make(c, "host", "gateway");
    gateways_end->open(events);
    events.up(gateways_end);
    return emulator_listener->accept(banks_end);
  }
  line = std::make_shared<connection>();
  auto link = std::make_shared<memory_link>(line, "host");
  link->open(events);
  events.up(link);
  if (how == host_behaviour::answers_and_closes)
    line->report_down("closed");
}

namespace {

std::optional<actors::upstreams> links_of(const config::settings& s) {
  return s.groups.empty() ? std::nullopt
                          : std::optional(std::get<actors::upstreams>(actors::make_upstreams(s)));
}

}  // namespace

virtual_world::virtual_world(const world_settings& setup, std::uint64_t seed)
  : setup_(setup), seed_(seed), world_(seed) {
  config::log::observe([this](config::log::level, const std::string& line) {
    if (!ignores_log_)
      log_.push_back(line);
  });
  host_->how = setup.behaviour;
  gateway_ = std::make_unique<gateway_on_disk>(
    world_, gateway_setup{setup_.settings, setup_.dialect, seed_, [this] { return local_time(); },
                          [hosts = hosts_](const net::link_events& events, const std::string& link) {
                            hosts[link == "backup" ? 1 : 0]->accept_dial(events);
                          },
                          [this] { reset_links(); }, links_of(setup_.settings)});
  if (host_->how == host_behaviour::is_bank)
    run_bank();
  start_gateway();
}

virtual_world::~virtual_world() {
  config::log::observe({});
  bank_ = terminals_ = actors::gateway_actor();
}

std::chrono::local_seconds virtual_world::local_time() const {
  return beginning + std::chrono::duration_cast<std::chrono::seconds>(since_begin()) + clock_is_off_by_;
}

std::chrono::milliseconds virtual_world::since_begin() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(world_.now() - begun_at_);
}

bool virtual_world::comes(const std::function<bool()>& what) {
  world_.run_until_idle();
  return what();
}

// --- the gateway -------------------------------------------------------------

void virtual_world::start_gateway() {
  gateway_->start();
  world_.run_until_idle();
}

void virtual_world::kill() {
  gateway_->kill();
  run_stopped_actors();
}

void virtual_world::lose_power() {
  gateway_->lose_power();
  run_stopped_actors();
}

void virtual_world::run_stopped_actors() {
  ignores_log_ = true;
  world_.run_until_idle();
  ignores_log_ = false;
}

void virtual_world::reset_links() {
  for (const auto& host : hosts_)
    if (host->line)
      host->line->gateway_stops();
  if (const auto c = host_->emulator_line.lock())
    c->reset_end(0);
  for (const auto& line : std::exchange(terminal_lines_, {}))
    if (const auto c = line.lock())
      c->reset_end(0);
}

void virtual_world::drain() {
  gateway_->drain();
  world_.run_until_idle();
}

line_ptr virtual_world::enter(bool by_http) {
  auto c = (by_http ? gateway_->http_listener() : gateway_->listener()).enter();
  world_.run_until_idle();
  return c;
}

caf::actor virtual_world::part(const actors::gateway_actor& gateway, const std::string& name) {
  using named = std::pair<std::string, caf::actor>;
  const auto children = world_.ask<std::vector<named>>(gateway, actors::children_atom::value);
  if (!children)
    return nullptr;
  const auto it = std::ranges::find(*children, name, &named::first);
  return it == children->end() ? nullptr : it->second;
}

bool virtual_world::lose(const std::string& name) {
  const auto victim = part(gateway_->root(), name);
  if (victim)
    caf::anon_send_exit(victim, caf::exit_reason::kill);
  return victim != nullptr;
}

std::string virtual_world::ask_as_operator(const std::string& line) {
  const auto c = gateway_->control_listener().enter();
  world_.run_until_idle();
  c->says(line + "\n");
  world_.run_until_idle();
  std::string answer;
  for (const auto& segment : c->sent)
    answer += segment;
  return answer;
}

std::string virtual_world::statistics() {
  const auto who = part(gateway_->root(), "stats");
  if (!who)
    return "";
  const auto line = world_.ask<std::string>(caf::actor_cast<actors::stats_actor>(who), caf::get_atom::value);
  return line ? *line : "";
}

// --- the host ----------------------------------------------------------------

void virtual_world::host_behaves(host_behaviour how) {
  host_->how = how;
  if (host_->line && how != host_behaviour::answers)
    host_->line->vanishes();
  if (const auto c = host_->emulator_line.lock(); c && how != host_behaviour::is_bank)
    c->reset_end(1);
}

// --- the emulator and the test clients ---------------------------------------

void virtual_world::run_bank() {
  actors::roles roles;
  host_->emulator_listener = std::make_shared<memory_listener>();
  roles.bank = host_->emulator_listener;
  const auto env = gateway_->environment_of(setup_.bank);
  roles.bank_dialect = env->upstreams.all().front()->dialect;
  bank_ = world_.own(actors::spawn_gateway(world_.system, env, roles));
  world_.run_until_idle();
}

void virtual_world::run_test_clients(std::size_t count, const config::settings& s,
                                     const std::vector<std::string>&) {
  auto own = s;
  own.test_clients.count = count;
  actors::roles roles;
  const auto env = gateway_->environment_of(own);
  roles.test_dialect = env->upstreams.all().front()->dialect;
  roles.test_target = [this] {
    return std::make_shared<test_client_dialer>([this](const net::link_events& events) {
      if (!gateway_->listener().is_open())
        return events.down("cannot connect: Connection refused");
      const auto c = std::make_shared<memory_pipe>();
      terminal_lines_.push_back(c);
      auto [gateways_end, terminals_end] =
        memory_pipe::make(c, "terminal:" + std::to_string(terminal_lines_.size()), "gateway");
      gateway_->listener().accept(std::move(gateways_end));
      events.up(terminals_end);
      terminals_end->open(events);
    });
  };
  terminals_ = world_.own(actors::spawn_gateway(world_.system, env, roles));
  world_.run_until_idle();
}

test_clients_report virtual_world::terminals() {
  const auto hall = part(terminals_, "test_clients");
  if (!hall)
    return {};
  const auto r =
    world_.ask<actors::test_report>(caf::actor_cast<actors::test_clients_actor>(hall), caf::get_atom::value);
  return r ? test_clients_report{r->clients, r->clients_without_success, r->good, r->failed}
           : test_clients_report{};
}

}  // namespace player
