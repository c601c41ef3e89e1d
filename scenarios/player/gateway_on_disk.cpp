// A gateway, one life after the other, on one disk.
//
// The gateway is the one that the program runs, root and all. One that dies is first cut off from the world:
// whatever its actors still say when they die, nobody hears it. Its disk, and the world around it, go on.

#include "scenarios/player/gateway_on_disk.hpp"

#include "actors/journal_records.hpp"
#include "actors/patience.hpp"
#include "config/log.hpp"

namespace player {

struct later {
  std::function<void()> what;
};

} // namespace player

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(player::later)

namespace player {

namespace {

// The gateway's telephone to the host. When its owner is dead, it is silent.
class telephone final : public net::dialer {
public:
  telephone(std::function<void(const net::link_events&)> take_call, std::shared_ptr<bool> dead) : take_call_(std::move(take_call)), dead_(std::move(dead)) {}

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

// What a disk says comes later than it was asked.
struct disk_state {
  static inline const char* name = "disk";
};

store::sealer::key test_key() {
  store::sealer::key k{};
  k.fill(7);
  return k;
}

} // namespace

gateway_on_disk::gateway_on_disk(virtual_time& world, surroundings s)
    : world_(world), around_(std::move(s)), dice_(std::make_shared<std::mt19937_64>(around_.seed)) {
  auto key = test_key();
  sealer_ = std::make_shared<const store::sealer>(key);
  disk_actor_ = world_.own(caf::actor(world_.system.spawn([](caf::stateful_actor<disk_state>*) -> caf::behavior { return {[](const later& l) { l.what(); }}; })));
}

gateway_on_disk::~gateway_on_disk() = default;

actors::environment_ptr gateway_on_disk::environment_of(const config::settings& s) {
  auto e = std::make_shared<actors::environment>();
  e->settings = s;
  e->dialect = around_.dialect;
  e->seed = around_.seed;
  e->random = [dice = dice_] { return (*dice)(); };
  e->local_time = around_.local_time;
  // Not a byte leaves any more; what is left of it dies when the actor that called has returned.
  e->panic = [this](const std::string& why) {
    config::log::error("{}; the process ends here, and the next start reverses or keeps what is open", why);
    cut_off();
  };
  return e;
}

// As the program does it with the files in its directory.
actors::journal_parts gateway_on_disk::open_journal(const actors::environment_ptr& env) {
  refused_.clear();
  actors::journal_parts parts{std::make_shared<actors::book>(env->dialect), nullptr, nullptr};
  if (around_.settings.journal == "none")
    return parts;
  auto found = replayed();
  if (auto* why = std::get_if<std::string>(&found)) {
    refused_ = std::move(*why);
    return parts;
  }
  parts.sealer = sealer_;
  parts.pages = std::get<std::shared_ptr<actors::book>>(std::move(found));
  parts.pages->begin_anew(world_.now() + actors::settling_time);
  *env->last_purchase = parts.pages->last_id();
  parts.writer = std::make_shared<store::memory_writer>(disk_, [to = disk_actor_](std::function<void()> f) { caf::anon_send(to, later{std::move(f)}); });
  return parts;
}

std::variant<std::shared_ptr<actors::book>, std::string> gateway_on_disk::replayed() {
  auto kept = disk_->start();
  if (auto* why = std::get_if<std::string>(&kept))
    return std::move(*why);
  auto pages = std::make_shared<actors::book>(around_.dialect);
  if (auto why = actors::replay(*pages, std::get<store::contents>(kept), around_.dialect, *sealer_, world_.now()); !why.empty())
    return why;
  return pages;
}

void gateway_on_disk::start() {
  life_ = {};
  const auto env = environment_of(around_.settings);
  // What shall outlive the gateway is lent to each life here; what it lends must heed `life_.dead`, as the telephone does:
  // the dying write nothing.
  actors::roles roles;
  roles.journal = open_journal(env);
  roles.host = std::make_shared<telephone>(around_.take_call, life_.dead);
  roles.clients = life_.door;
  roles.http_clients = life_.http_door;
  if (!refused_.empty()) {
    config::log::error("journal: {}; nothing was changed", refused_);
    life_.ended = true;
    return;
  }
  life_.gateway = world_.own(actors::spawn_gateway(world_.system, env, std::move(roles)));
}

void gateway_on_disk::drain() {
  world_.system.spawn([this, dead = life_.dead](caf::event_based_actor* self) {
    self->request(life_.gateway, caf::infinite, actors::drain_atom::value)
      .then(
        [this, dead](const actors::test_report&) {
          if (!*dead)
            life_.ended = true;
        },
        [](caf::error&) {});
  });
}

void gateway_on_disk::kill() {
  disk_->process_dies();
  cut_off();
}

void gateway_on_disk::lose_power() {
  disk_->power_fails(*dice_);
  cut_off();
}

void gateway_on_disk::cut_off() {
  *life_.dead = true;
  life_.ended = true;
  for (const auto& door : {life_.door, life_.http_door})
    door->dies();
  if (around_.cut)
    around_.cut();
  if (life_.gateway)
    caf::anon_send_exit(life_.gateway, caf::exit_reason::kill);
}

} // namespace player
