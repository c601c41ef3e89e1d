// Runs gateways one after the other on one disk.
//
// The gateway is the program's own, from its root actor down. When it is killed it is disconnected first:
// nothing that its actors still send or write has an effect. Its disk and the other actors of the test go on.

#include "scenarios/player/gateway_on_disk.hpp"

#include "config/log.hpp"

namespace player {

namespace {

// The gateway's dialer to its host. It does nothing once its gateway has stopped.
class gateway_dialer final : public net::dialer {
public:
  gateway_dialer(const gateway_setup& s, std::string link, std::shared_ptr<bool> stopped)
    : accept_dial_(s.accept_dial),
      link_(std::move(link)),
      stopped_(std::move(stopped)),
      target_(link_.empty() ? "host" : link_) {}

  void dial(net::link_events events) override {
    if (!*stopped_)
      accept_dial_(events, link_);
  }
  void abandon() override {}
  bool waits() const override { return false; }
  const std::string& target() const override { return target_; }

private:
  std::function<void(const net::link_events&, const std::string&)> accept_dial_;
  std::string link_;
  std::shared_ptr<bool> stopped_;
  std::string target_;
};

}  // namespace

gateway_on_disk::gateway_on_disk(virtual_time& world, gateway_setup s)
  : world_(world), setup_(std::move(s)), random_source_(std::make_shared<std::mt19937_64>(setup_.seed)) {}

gateway_on_disk::~gateway_on_disk() = default;

actors::environment_ptr gateway_on_disk::environment_of(const config::settings& s) {
  auto e = std::make_shared<actors::environment>();
  e->settings = s;
  const auto dialect = std::make_shared<const codec::dialect>(setup_.dialect);
  e->upstreams = setup_.upstreams ? *setup_.upstreams : actors::upstreams::only(dialect, s.upstreams.front());
  e->routes = actors::routes(s.routes);
  e->seed = setup_.seed;
  e->random = [random_source = random_source_] { return (*random_source)(); };
  e->local_time = setup_.local_time;
  // No further byte leaves. The remaining actors are stopped when the calling actor has returned.
  e->panic = [this, stopped = process_.stopped](const std::string& why) {
    if (*stopped)
      return;
    config::log::error("{}; the process ends here, and the next start reverses or keeps what is open", why);
    stop_process();
  };
  return e;
}

// Sets `refused_` where the journal refuses the start.
actors::journal_parts gateway_on_disk::open_journal(const actors::environment_ptr& env) {
  refused_.clear();
  if (!setup_.settings.journal.is_kept())
    return {std::make_shared<actors::book>(env->upstreams), nullptr, nullptr};
  auto opened = journal_.open(world_, env);
  if (auto* why = std::get_if<std::string>(&opened)) {
    refused_ = std::move(*why);
    return {};
  }
  return std::get<actors::journal_parts>(std::move(opened));
}

void gateway_on_disk::start() {
  process_ = process(machine_);
  const auto env = environment_of(setup_.settings);
  // What survives the gateway is lent to each process here. Each such object must check `process_.stopped`,
  // as the dialer does: a stopped process must not write.
  actors::roles roles;
  roles.journal = open_journal(env);
  for (const auto& group : env->upstreams.all())
    for (const auto& link : group->links)
      roles.links.push_back(
        {group->name, link, std::make_shared<gateway_dialer>(setup_, link->name, process_.stopped)});
  if (roles.links.empty())
    roles.host = std::make_shared<gateway_dialer>(setup_, "", process_.stopped);
  roles.clients = process_.listener;
  roles.http_clients = process_.http_listener;
  const auto& host = *env->upstreams.all().front();
  roles.clients_at = std::make_shared<const actors::raw_port>(
    actors::raw_port{setup_.settings.raw_listeners.front(), host.dialect});
  roles.http_clients_at = std::make_shared<const actors::http_port>(
    actors::http_port{setup_.settings.http_listeners.front(), host.dialect});
  roles.control = process_.control_listener;
  if (!refused_.empty()) {
    config::log::error("journal: {}; nothing was changed", refused_);
    process_.ended = true;
    return;
  }
  process_.gateway = world_.own(actors::spawn_gateway(world_.system, env, std::move(roles)));
}

void gateway_on_disk::drain() {
  world_.system.spawn(
    [this, stopped = process_.stopped, root = process_.gateway](caf::event_based_actor* self) {
      self->request(root, caf::infinite, actors::drain_atom::value)
        .then(
          [this, stopped](const actors::test_report&) {
            if (!*stopped)
              process_.ended = true;
          },
          [](caf::error&) {});
    });
}

void gateway_on_disk::kill() {
  journal_.disk().process_ends();
  stop_process();
}

void gateway_on_disk::lose_power() {
  journal_.disk().power_fails(*random_source_);
  stop_process(true);
}

void gateway_on_disk::stop_process(bool with_machine) {
  *process_.stopped = true;
  process_.ended = true;
  for (const auto& listener : {process_.listener, process_.http_listener, process_.control_listener})
    listener->stop(with_machine);
  if (setup_.on_stop)
    setup_.on_stop();
  if (process_.gateway)
    caf::anon_send_exit(process_.gateway, caf::exit_reason::kill);
}

}  // namespace player
