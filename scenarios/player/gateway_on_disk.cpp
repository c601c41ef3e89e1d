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
  gateway_dialer(std::function<void(const net::link_events&)> take_call, std::shared_ptr<bool> dead)
    : take_call_(std::move(take_call)), dead_(std::move(dead)) {}

  void dial(net::link_events events) override {
    if (!*dead_)
      take_call_(events);
  }
  void abandon() override {}
  bool waits() const override { return false; }
  const std::string& target() const override { return target_; }

private:
  std::function<void(const net::link_events&)> take_call_;
  std::shared_ptr<bool> dead_;
  std::string target_ = "host";
};

}  // namespace

gateway_on_disk::gateway_on_disk(virtual_time& world, surroundings s)
  : world_(world), around_(std::move(s)), dice_(std::make_shared<std::mt19937_64>(around_.seed)) {}

gateway_on_disk::~gateway_on_disk() = default;

actors::environment_ptr gateway_on_disk::environment_of(const config::settings& s) {
  auto e = std::make_shared<actors::environment>();
  e->settings = s;
  e->dialect = around_.dialect;
  e->seed = around_.seed;
  e->random = [random_source = dice_] { return (*random_source)(); };
  e->local_time = around_.local_time;
  // No further byte leaves. The remaining actors are stopped when the calling actor has returned.
  e->panic = [this, dead = life_.dead](const std::string& why) {
    if (*dead)
      return;
    config::log::error("{}; the process ends here, and the next start reverses or keeps what is open", why);
    cut_off();
  };
  return e;
}

// Sets `refused_` where the journal refuses the start.
actors::journal_parts gateway_on_disk::open_journal(const actors::environment_ptr& env) {
  refused_.clear();
  if (around_.settings.journal == "none")
    return {std::make_shared<actors::book>(env->dialect), nullptr, nullptr};
  auto opened = journal_.open(world_, env);
  if (auto* why = std::get_if<std::string>(&opened)) {
    refused_ = std::move(*why);
    return {};
  }
  return std::get<actors::journal_parts>(std::move(opened));
}

void gateway_on_disk::start() {
  life_ = life(machine_);
  const auto env = environment_of(around_.settings);
  // What survives the gateway is lent to each process here. Each such object must check `process_.stopped`,
  // as the dialer does: a stopped process must not write.
  actors::roles roles;
  roles.journal = open_journal(env);
  roles.host = std::make_shared<gateway_dialer>(around_.take_call, life_.dead);
  roles.clients = life_.listener;
  roles.http_clients = life_.http_listener;
  roles.control = life_.control_listener;
  if (!refused_.empty()) {
    config::log::error("journal: {}; nothing was changed", refused_);
    life_.ended = true;
    return;
  }
  life_.gateway = world_.own(actors::spawn_gateway(world_.system, env, std::move(roles)));
}

void gateway_on_disk::drain() {
  world_.system.spawn([this, dead = life_.dead, root = life_.gateway](caf::event_based_actor* self) {
    self->request(root, caf::infinite, actors::drain_atom::value)
      .then(
        [this, dead](const actors::test_report&) {
          if (!*dead)
            life_.ended = true;
        },
        [](caf::error&) {});
  });
}

void gateway_on_disk::kill() {
  journal_.disk().process_dies();
  cut_off();
}

void gateway_on_disk::lose_power() {
  journal_.disk().power_fails(*dice_);
  cut_off(true);
}

void gateway_on_disk::cut_off(bool with_machine) {
  *life_.dead = true;
  life_.ended = true;
  for (const auto& listener : {life_.listener, life_.http_listener, life_.control_listener})
    listener->dies(with_machine);
  if (around_.cut)
    around_.cut();
  if (life_.gateway)
    caf::anon_send_exit(life_.gateway, caf::exit_reason::kill);
}

}  // namespace player
