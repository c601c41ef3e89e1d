// Injects faults. Each run draws which kinds it has, so that kinds are combined in many ways, and few at a
// time.

#include "scenarios/simulator/faults.hpp"

#include <algorithm>

namespace simulator {

namespace {

// Without the root actor: its failure ends the process. So do too many failures in too short a time.
constexpr std::array mortal{"session",     "http_session",        "tid_queue", "dispatcher", "upstream",
                            "idempotency", "reversal_supervisor", "reversal",  "acceptor",   "stats",
                            "journal"};

}  // namespace

const std::vector<faults::fault>& faults::all() {
  static const std::vector<fault> kinds{
    {"kill", &faults::kill, 3},
    {"power_loss", &faults::lose_power, 3},
    {"drain", &faults::drain, 1},
    {"actor_death", &faults::lose_actor, 4},
    {"disk_slow", &faults::slow_disk, 2},
    {"disk_fails", &faults::fail_disk, 1},
    {"disk_fails_but_keeps", &faults::fail_disk_but_keep, 1},
    {"disk_full", &faults::fill_disk, 0.5},
    {"disk_nearly_full", &faults::narrow_disk, 0.5},
    {"link_cut", &faults::cut_link, 3},
    {"host_hangs_up", &faults::hang_up, 1},
    {"host_refuses", &faults::refuse_calls, 1.5},
    {"host_black_hole", &faults::open_black_hole, 1},
    {"message_lost", &faults::lose_message, 2},
    {"host_chatters", &faults::chatter, 1},
    {"stands_still", &faults::stand_still, 2},
    {"operator_mistypes", &faults::mistype, 2},
  };
  return kinds;
}

faults::faults(world& w, player::gateway_on_disk& gateway, std::vector<bank*> hosts)
  : world_(w), gateway_(gateway), hosts_(std::move(hosts)) {
  auto& random = world_.random;
  const auto share = random.share();
  for (const auto& f : all())
    if (random.chance(share))
      chosen_.push_back(&f);
  if (chosen_.empty())
    return;
  near_events_ = random.chance(0.3) ? 0 : 0.05 * random.share();
  pause_ = random.between(3s, 90s);
  later();
}

// Injects one fault at a time now and then, whatever else happens.
void faults::later() {
  world_.in(world_.random.between(0ms, 2 * pause_), [this] {
    if (over_)
      return;
    if (!armed_)
      arm(any(), world_.random.chance(0.5) ? 0 : world_.random.below(40));
    later();
  });
}

const faults::fault& faults::any() {
  double sum = 0;
  for (const auto* f : chosen_)
    sum += f->weight;
  auto at = world_.random.share() * sum;
  for (const auto* f : chosen_)
    if ((at -= f->weight) <= 0)
      return *f;
  return *chosen_.back();
}

void faults::arm(const fault& f, std::uint64_t steps) {
  armed_ = &f;
  steps_left_ = steps;
}

// In some worlds the process is often killed right behind a refusal of a client's own reversal.
void faults::something_happened() {
  const bool is_refused =
    std::exchange(refusals_seen_, world_.audit.refusals_read) != world_.audit.refusals_read;
  if (is_refused && world_.doubts > 0 && world_.random.chance(0.3))
    return arm_kill(30);
  if (!over_ && !armed_ && near_events_ > 0 && world_.random.chance(near_events_))
    arm(any(), world_.random.below(16));
}

void faults::process_started() {
  if (over_ || armed_ || !world_.random.chance(0.2))
    return;
  arm_kill(120);
}

void faults::arm_kill(std::uint64_t steps_max) {
  if (over_ || armed_)
    return;
  for (const auto* f : chosen_)
    if (f->what == &faults::kill || f->what == &faults::lose_power)
      return arm(*f, world_.random.below(steps_max));
}

bool faults::strike() {
  if (!armed_ || over_ || steps_left_-- > 0)
    return false;
  const auto* f = std::exchange(armed_, nullptr);
  ++world_.audit.sums.faults[f->name];
  (this->*f->what)();
  return true;
}

void faults::end() {
  over_ = true;
  armed_ = nullptr;
  gateway_.disk().fail_no_more();
  gateway_.disk().full(false);
  gateway_.disk().room(true);
  gateway_.disk().release();
  for (auto* h : hosts_)
    h->calms_down();
}

// --- the process -------------------------------------------------------------------

void faults::kill() {
  if (!gateway_.has_ended())
    gateway_.kill();
}

void faults::lose_power() {
  if (!gateway_.has_ended())
    gateway_.lose_power();
}

// A second order to end ends it at once.
void faults::drain() {
  if (gateway_.has_ended())
    return;
  if (std::exchange(ordered_to_end_, gateway_.root().address()) == gateway_.root().address())
    gateway_.kill();
  else
    gateway_.drain();
}

void faults::saw(caf::local_actor& actor) {
  if (over_)
    return;
  const std::string name = actor.name();
  auto& ring = seen_[name];
  auto& count = seen_count_[name];
  if (const auto address = actor.address(); ring[(count + ring.size() - 1) % ring.size()] != address)
    ring[count++ % ring.size()] = address;
}

void faults::lose_actor() {
  // With several links there is one more.
  const auto which = world_.random.below(mortal.size() + hosts_.size() - 1);
  const auto it = seen_.find(which < mortal.size() ? mortal[which] : "link_groups");
  if (it == seen_.end())
    return;
  const auto victim = caf::actor_cast<caf::actor>(it->second[world_.random.below(it->second.size())]);
  if (!victim)
    return;
  world_.audit.disturbed();
  ++world_.audit.sums.faults["death_of_" + it->first];
  victim->attach_functor([this] { world_.audit.disturbed(); });
  caf::anon_send_exit(victim, caf::exit_reason::kill);
}

// --- the disk ----------------------------------------------------------------------

void faults::slow_disk() {
  world_.slow_disk = true;
  gateway_.disk().pause();
  world_.in(world_.random.between(0ms, world_.random.chance(0.8) ? 5s : 100s),
            [this] { gateway_.disk().release(); });
}

void faults::fail_disk() {
  gateway_.disk().fail_next("cannot write to the journal: Input/output error", false);
}

void faults::fail_disk_but_keep() {
  gateway_.disk().fail_next("cannot sync the journal: Input/output error", true);
}

void faults::fill_disk() {
  gateway_.disk().full(true);
  world_.in(world_.random.between(0ms, 30s), [this] { gateway_.disk().full(false); });
}

void faults::narrow_disk() {
  gateway_.disk().room(false);
  world_.in(world_.random.between(0ms, 60s), [this] { gateway_.disk().room(true); });
}

// --- the machine and its operator ---------------------------------------------------

// The process is suspended, or its machine sleeps: time passes, and the kernel and all others go on.
void faults::stand_still() {
  if (gateway_.has_ended())
    return;
  auto& random = world_.random;
  world_.stand_still(random.chance(0.6) ? random.between(5s, 40s) : random.between(40s, 300s));
}

// An operator's request with any number that could be a case's: of an open one, of an ended one, of a
// transaction that was just approved.
void faults::mistype() {
  if (gateway_.has_ended())
    return;
  auto& random = world_.random;
  const auto highest = world_.audit.highest_id();
  const auto id =
    random.chance(0.5) && highest > 3 ? highest - random.below(3) : 1 + random.below(highest + 2);
  const auto what = random.below(3);
  const auto line = gateway_.control_listener().enter();
  const bool was_listed = world_.audit.is_listed(id);
  // Its reply comes after its effect, or never.
  if (was_listed && what != 2)
    world_.audit.operator_may_decide(id);
  receive_operator_reply(line, id, what == 1, was_listed, 0);
  static constexpr const char* verbs[]{"reverse ", "resolve ", "retry "};
  line->says(verbs[what] + std::to_string(id) + (what == 2 ? "" : " it was a typing error") + "\n");
}

void faults::receive_operator_reply(const player::connection_ptr& line, std::uint64_t id, bool ends,
                                    bool was_listed, int timeout) {
  std::string answer;
  for (const auto& segment : line->sent)
    answer += segment;
  if (answer.empty() && timeout < 600 && !line->has_seen_end())
    return world_.in(100ms, [=, this] { receive_operator_reply(line, id, ends, was_listed, timeout + 1); });
  if (answer.find("\"done\":true") != std::string::npos)
    world_.audit.operator_was_obeyed(id, ends, was_listed);
}

// --- the link ----------------------------------------------------------------------

bank& faults::host() { return hosts_.size() == 1 ? *hosts_[0] : *world_.random.one_of(hosts_); }

void faults::cut_link() { host().cuts(); }

void faults::hang_up() { host().hangs_up(); }

void faults::refuse_calls() {
  auto& h = host();
  h.refuses_for(world_.random.between(0ms, world_.random.chance(0.8) ? 20s : 300s));
  h.cuts();
}

void faults::open_black_hole() { host().is_a_black_hole_for(world_.random.between(1s, 90s)); }

void faults::lose_message() { host().loses_next(); }

void faults::chatter() { host().chatters(); }

}  // namespace simulator
