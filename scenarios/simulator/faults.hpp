// Random faults of the gateway, its process, its disk, its link and its operator.
#pragma once

#include <caf/all.hpp>

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "scenarios/player/gateway_on_disk.hpp"
#include "scenarios/simulator/bank.hpp"
#include "scenarios/simulator/world.hpp"

namespace simulator {

class faults {
public:
  faults(world& w, player::gateway_on_disk& gateway, std::vector<bank*> hosts);
  faults(const faults&) = delete;
  faults& operator=(const faults&) = delete;

  /// An actor is about to handle a message.
  void saw(caf::local_actor& actor);
  /// Called before an actor's next message. True where a fault was injected.
  bool strike();
  /// Something visible from outside has happened: most faults matter close to such moments.
  void something_happened();
  /// A process has started: it may be killed while it replays its journal.
  void process_started();
  /// Injects no more faults, and repairs what was broken.
  void end();

private:
  struct fault {
    const char* name;
    void (faults::*what)();
    double weight;
  };
  static const std::vector<fault>& all();

  bank& host();
  void arm(const fault& f, std::uint64_t steps);
  void arm_kill(std::uint64_t steps_max);
  void later();
  const fault& any();

  void kill();
  void lose_power();
  void drain();
  void lose_actor();
  void slow_disk();
  void fail_disk();
  void fail_disk_but_keep();
  void fill_disk();
  void narrow_disk();
  void cut_link();
  void hang_up();
  void refuse_calls();
  void open_black_hole();
  void lose_message();
  void chatter();
  void stand_still();
  void mistype();
  void receive_operator_reply(const player::connection_ptr& line, std::uint64_t id, bool ends,
                              bool was_listed, int timeout);

  world& world_;
  player::gateway_on_disk& gateway_;
  std::vector<bank*> hosts_;          // of one bank: one for each link
  std::vector<const fault*> chosen_;  // in this run
  double near_events_ = 0;            // probability that a fault is armed when something happens
  milliseconds pause_{};              // between the faults of `later`
  const fault* armed_ = nullptr;
  std::uint64_t steps_left_ = 0;
  std::uint64_t refusals_seen_ = 0;
  bool over_ = false;
  caf::actor_addr ordered_to_end_;
  std::map<std::string, std::array<caf::actor_addr, 8>> seen_;  // the latest few actors, by name
  std::map<std::string, std::size_t> seen_count_;
};

}  // namespace simulator
