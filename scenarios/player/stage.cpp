// The theatre in virtual time.
//
// The gateway of a story is the one that the program runs, root and all; the
// emulator and the test clients are houses of their own beside it, as processes
// of their own would be.

#include "scenarios/player/stage.hpp"

#include <algorithm>

#include "codec/validate.hpp"
#include "config/log.hpp"

namespace player {

namespace {

// Every story begins at the same moment: 2026-11-23 12:00:00.
const auto beginning = *codec::parse_local_time("261123120000");

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

}  // namespace

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
  config::log::observe([this](config::log::level, const std::string& line) {
    if (!log_is_deaf_)
      log_.push_back(line);
  });
  host_->how = bill.host_manner;
  gateway_ = std::make_unique<gateway_on_disk>(
    world_, surroundings{bill_.settings, bill_.dialect, seed_, [this] { return local_time(); },
                         [host = host_](const net::link_events& events) { host->take_call(events); },
                         [this] { cut_lines(); }});
  if (host_->how == manner::is_bank)
    run_bank();
  begin_life();
}

stage::~stage() {
  config::log::observe({});
  bank_ = terminals_ = actors::gateway_actor();
}

std::chrono::local_seconds stage::local_time() const {
  return beginning + std::chrono::duration_cast<std::chrono::seconds>(since_begin()) + clock_is_off_by_;
}

std::chrono::milliseconds stage::since_begin() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(world_.now() - begun_at_);
}

bool stage::comes(const std::function<bool()>& what) {
  world_.settle();
  return what();
}

// --- the gateway -------------------------------------------------------------

void stage::begin_life() {
  gateway_->start();
  world_.settle();
}

void stage::kill() {
  gateway_->kill();
  bury();
}

void stage::lose_power() {
  gateway_->lose_power();
  bury();
}

void stage::bury() {
  log_is_deaf_ = true;
  world_.settle();
  log_is_deaf_ = false;
}

void stage::cut_lines() {
  if (host_->line)
    host_->line->gateway_dies();
  if (const auto c = host_->emulator_line.lock())
    c->dies(0);
  for (const auto& line : std::exchange(terminal_lines_, {}))
    if (const auto c = line.lock())
      c->dies(0);
}

void stage::drain() {
  gateway_->drain();
  world_.settle();
}

line_ptr stage::enter(bool by_http) {
  auto c = (by_http ? gateway_->http_door() : gateway_->door()).enter();
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
  const auto victim = part(gateway_->root(), name);
  if (victim)
    caf::anon_send_exit(victim, caf::exit_reason::kill);
  return victim != nullptr;
}

std::string stage::ask_as_operator(const std::string& line) {
  const auto c = gateway_->control_door().enter();
  world_.settle();
  c->says(line + "\n");
  world_.settle();
  std::string answer;
  for (const auto& segment : c->sent)
    answer += segment;
  return answer;
}

std::string stage::statistics() {
  const auto who = part(gateway_->root(), "stats");
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
  bank_ = world_.own(actors::spawn_gateway(world_.system, gateway_->environment_of(bill_.bank), roles));
  world_.settle();
}

void stage::run_terminals(std::size_t count, const config::settings& s, const std::vector<std::string>&) {
  auto own = s;
  own.test_clients = count;
  actors::roles roles;
  roles.test_target = [this] {
    return std::make_shared<way_in>([this](const net::link_events& events) {
      if (!gateway_->door().is_open())
        return events.down("cannot connect: Connection refused");
      const auto c = std::make_shared<cable>();
      terminal_lines_.push_back(c);
      auto [gateways_end, terminals_end] =
        cable::make(c, "terminal:" + std::to_string(terminal_lines_.size()), "gateway");
      gateway_->door().let_in(std::move(gateways_end));
      events.up(terminals_end);
      terminals_end->open(events);
    });
  };
  terminals_ = world_.own(actors::spawn_gateway(world_.system, gateway_->environment_of(own), roles));
  world_.settle();
}

terminals_report stage::terminals() {
  const auto hall = part(terminals_, "terminal_hall");
  if (!hall)
    return {};
  const auto r =
    world_.ask<actors::test_report>(caf::actor_cast<actors::terminal_hall_actor>(hall), caf::get_atom::value);
  return r ? terminals_report{r->clients, r->clients_without_success, r->good, r->failed}
           : terminals_report{};
}

}  // namespace player
