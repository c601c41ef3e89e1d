// The theatre in virtual time.
//
// The gateway of a story is the one that the program runs, root and all; the
// emulator and the test clients are houses of their own beside it, as processes
// of their own would be. A gateway that is killed is first cut off from the
// world: whatever its actors still say when they die, nobody hears it.

#include "scenarios/player/stage.hpp"

#include <algorithm>

#include "actors/journal_records.hpp"
#include "actors/patience.hpp"
#include "codec/validate.hpp"
#include "config/log.hpp"

namespace player {

struct later {
  std::function<void()> what;
};

} // namespace player

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(player::later)

namespace player {

namespace {

// Every story begins at the same moment: 2026-11-23 12:00:00.
const auto beginning = *codec::parse_local_time("261123120000");

// The gateway's telephone to the host. When its owner is dead, it is silent.
class telephone final : public net::dialer {
public:
  telephone(std::shared_ptr<story_host> host, std::shared_ptr<bool> dead) : host_(std::move(host)), dead_(std::move(dead)) {}

  void dial(net::link_events events) override {
    if (!*dead_)
      host_->take_call(events);
  }
  void abandon() override {}
  bool waits() const override { return false; }
  const std::string& target() const override { return target_; }

private:
  std::shared_ptr<story_host> host_;
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

// A test client's way to the gateway.
class way_in final : public net::dialer {
public:
  explicit way_in(std::function<void(const net::link_events&)> call) : call_(std::move(call)) {}

  void dial(net::link_events events) override { call_(events); }
  void abandon() override {}
  bool waits() const override { return false; }
  const std::string& target() const override { return target_; }

private:
  std::function<void(const net::link_events&)> call_;
  std::string target_ = "gateway";
};

} // namespace

void story_host::take_call(const net::link_events& events) {
  ++calls;
  if (how == manner::refuses)
    return events.down("cannot connect: Connection refused");
  if (how == manner::is_bank) {
    const auto c = std::make_shared<cable>();
    emulator_line = c;
    auto [gateways_end, banks_end] = cable::make(c, "host", "gateway");
    gateways_end->open(events);
    events.up(gateways_end);
    return emulator_door->let_in(banks_end);
  }
  line = std::make_shared<connection>();
  auto link = std::make_shared<memory_link>(line, "host");
  link->open(events);
  events.up(link);
  if (how == manner::answers_and_closes)
    line->falls("closed");
}

stage::stage(const playbill& bill, std::uint64_t seed) : bill_(bill), seed_(seed), world_(seed) {
  auto key = test_key();
  sealer_ = std::make_shared<const store::sealer>(key);
  config::log::observe([this](config::log::level, const std::string& line) {
    if (!log_is_deaf_)
      log_.push_back(line);
  });
  host_->how = bill.host_manner;
  if (host_->how == manner::is_bank)
    run_bank();
  disk_actor_ = world_.own(caf::actor(world_.system.spawn([](caf::stateful_actor<disk_state>*) -> caf::behavior { return {[](const later& l) { l.what(); }}; })));
  begin_life();
}

stage::~stage() {
  config::log::observe({});
  life_.gateway = bank_ = terminals_ = actors::gateway_actor();
}

std::chrono::local_seconds stage::local_time() const { return beginning + std::chrono::duration_cast<std::chrono::seconds>(since_begin()); }

std::chrono::milliseconds stage::since_begin() const { return std::chrono::duration_cast<std::chrono::milliseconds>(world_.now() - begun_at_); }

bool stage::comes(const std::function<bool()>& what) {
  world_.settle();
  return what();
}

// --- the gateway -------------------------------------------------------------

actors::environment_ptr stage::environment_of(const config::settings& s) {
  auto e = std::make_shared<actors::environment>();
  e->settings = s;
  e->dialect = bill_.dialect;
  e->seed = seed_;
  e->random = [dice = dice_] { return (*dice)(); };
  e->local_time = [this] { return local_time(); };
  // Not a byte leaves any more; what is left of it dies when the actor that called has returned.
  e->panic = [this](const std::string& why) {
    config::log::error("{}; the process ends here, and the next start reverses or keeps what is open", why);
    cut_off();
  };
  return e;
}

// As the program does it with the files in its directory.
actors::journal_parts stage::open_journal(const actors::environment_ptr& env) {
  actors::journal_parts parts{std::make_shared<actors::book>(env->dialect), nullptr, nullptr};
  if (bill_.settings.journal == "none")
    return parts;
  parts.sealer = sealer_;
  auto kept = disk_->start();
  if (const auto* why = std::get_if<std::string>(&kept)) {
    refused_ = *why;
    return parts;
  }
  refused_ = actors::replay(*parts.pages, std::get<store::contents>(kept), env->dialect, *sealer_, world_.now());
  parts.pages->begin_anew(world_.now() + actors::settling_time);
  *env->last_purchase = parts.pages->last_id();
  parts.writer = std::make_shared<store::memory_writer>(disk_, [to = disk_actor_](std::function<void()> f) { caf::anon_send(to, later{std::move(f)}); });
  return parts;
}

actors::roles stage::furnish(const actors::environment_ptr& env) {
  // What shall outlive the gateway is a member of the stage and is lent to each life here; what it lends
  // must heed `life_.dead`, as the telephone does: the dying write nothing.
  actors::roles roles;
  roles.journal = open_journal(env);
  roles.host = std::make_shared<telephone>(host_, life_.dead);
  roles.clients = life_.door;
  roles.http_clients = life_.http_door;
  return roles;
}

void stage::begin_life() {
  life_ = {};
  const auto env = environment_of(bill_.settings);
  auto roles = furnish(env);
  if (!refused_.empty()) {
    config::log::error("journal: {}; nothing was changed", refused_);
    life_.ended = true;
    return;
  }
  life_.gateway = world_.own(actors::spawn_gateway(world_.system, env, std::move(roles)));
  world_.settle();
}

void stage::kill() {
  disk_->process_dies();
  cut_off();
  log_is_deaf_ = true;
  world_.settle();
  log_is_deaf_ = false;
}

void stage::lose_power() {
  disk_->power_fails(*dice_);
  cut_off();
  log_is_deaf_ = true;
  world_.settle();
  log_is_deaf_ = false;
}

void stage::cut_off() {
  *life_.dead = true;
  life_.ended = true;
  for (const auto& door : {life_.door, life_.http_door})
    door->dies();
  if (host_->line)
    host_->line->gateway_dies();
  if (const auto c = host_->emulator_line.lock())
    c->dies(0);
  for (const auto& line : std::exchange(terminal_lines_, {}))
    if (const auto c = line.lock())
      c->dies(0);
  caf::anon_send_exit(life_.gateway, caf::exit_reason::kill);
}

void stage::drain() {
  world_.system.spawn([this](caf::event_based_actor* self) {
    self->request(life_.gateway, caf::infinite, actors::drain_atom::value).then([this](const actors::test_report&) { life_.ended = true; },
                                                                                [](caf::error&) {});
  });
  world_.settle();
}

line_ptr stage::enter(bool by_http) {
  auto c = (by_http ? life_.http_door : life_.door)->enter();
  world_.settle();
  return c;
}

caf::actor stage::part(const actors::gateway_actor& house, const std::string& name) {
  using named = std::pair<std::string, caf::actor>;
  const auto roster = world_.ask<std::vector<named>>(house, actors::roster_atom::value);
  if (!roster)
    return nullptr;
  const auto it = std::ranges::find(*roster, name, &named::first);
  return it == roster->end() ? nullptr : it->second;
}

bool stage::lose(const std::string& name) {
  const auto victim = part(life_.gateway, name);
  if (victim)
    caf::anon_send_exit(victim, caf::exit_reason::kill);
  return victim != nullptr;
}

std::string stage::statistics() {
  const auto who = part(life_.gateway, "stats");
  if (!who)
    return "";
  const auto line = world_.ask<std::string>(caf::actor_cast<actors::stats_actor>(who), caf::get_atom::value);
  return line ? *line : "";
}

// --- the host ----------------------------------------------------------------

void stage::host_behaves(manner how) {
  host_->how = how;
  if (host_->line && how != manner::answers)
    host_->line->vanishes();
  if (const auto c = host_->emulator_line.lock(); c && how != manner::is_bank)
    c->dies(1);
}

// --- the emulator and the test clients ---------------------------------------

void stage::run_bank() {
  actors::roles roles;
  host_->emulator_door = std::make_shared<memory_door>();
  roles.bank = host_->emulator_door;
  bank_ = world_.own(actors::spawn_gateway(world_.system, environment_of(bill_.bank), roles));
  world_.settle();
}

void stage::run_terminals(std::size_t count, const config::settings& s, const std::vector<std::string>&) {
  auto own = s;
  own.test_clients = count;
  actors::roles roles;
  roles.test_target = [this] {
    return std::make_shared<way_in>([this](const net::link_events& events) {
      if (!life_.door->is_open())
        return events.down("cannot connect: Connection refused");
      const auto c = std::make_shared<cable>();
      terminal_lines_.push_back(c);
      auto [gateways_end, terminals_end] = cable::make(c, "terminal:" + std::to_string(terminal_lines_.size()), "gateway");
      life_.door->let_in(std::move(gateways_end));
      events.up(terminals_end);
      terminals_end->open(events);
    });
  };
  terminals_ = world_.own(actors::spawn_gateway(world_.system, environment_of(own), roles));
  world_.settle();
}

terminals_report stage::terminals() {
  const auto hall = part(terminals_, "terminal_hall");
  if (!hall)
    return {};
  const auto r = world_.ask<actors::test_report>(caf::actor_cast<actors::terminal_hall_actor>(hall), caf::get_atom::value);
  return r ? terminals_report{r->clients, r->clients_without_success, r->good, r->failed} : terminals_report{};
}

} // namespace player
