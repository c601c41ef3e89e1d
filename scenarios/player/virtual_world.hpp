// The theatre in virtual time: a whole gateway, a host and clients made of memory.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/core/environment.hpp"
#include "actors/program/parts.hpp"
#include "scenarios/player/gateway_on_disk.hpp"
#include "scenarios/player/memory_link.hpp"
#include "scenarios/player/memory_pipe.hpp"
#include "scenarios/player/virtual_time.hpp"
#include "scenarios/player/world.hpp"

namespace player {

/// The bank's side of the host link: takes calls as it is told to, and outlives the gateway.
struct story_host {
  /// A call of the gateway's, which hears of it by `events`.
  void take_call(const net::link_events& events);

  host_behaviour how = host_behaviour::answers;
  long calls = 0;
  connection_ptr line;                                 ///< the latest; may be closed
  std::shared_ptr<memory_listener> emulator_listener;  ///< where the emulator comes in, when it is the host
  std::weak_ptr<memory_pipe> emulator_line;            ///< the gateway holds its first end
};

class virtual_world final : public world {
public:
  virtual_world(const world_settings& bill, std::uint64_t seed);
  ~virtual_world() override;

  std::chrono::local_seconds local_time() const override;
  std::chrono::milliseconds since_begin() const override;
  void pass(std::chrono::milliseconds time) override { world_.pass(time); }
  void jump(std::chrono::seconds how_far) override { clock_is_off_by_ += how_far; }
  void take_notice() override { world_.run_until_idle(); }
  void run_until_idle() override { world_.run_until_idle(); }
  bool comes(const std::function<bool()>& what) override;

  line_ptr enter(bool by_http) override;
  bool lose(const std::string& part) override;
  void drain() override;
  void kill() override;
  void lose_power() override;
  void start_again() override { begin_life(); }
  memory_disk& disk() override { return gateway_->disk(); }
  std::string ask_as_operator(const std::string& line) override;
  bool has_ended() override { return gateway_->has_ended(); }
  std::string statistics() override;
  const std::vector<std::string>& log() override { return log_; }

  line_ptr host_line() override { return host_->line; }
  void host_behaves(host_behaviour how) override;
  long host_calls() override { return host_->calls; }

  void run_test_clients(std::size_t count, const config::settings& s,
                        const std::vector<std::string>& options) override;
  test_clients_report terminals() override;

  std::string trace() const override { return world_.trace; }

  /// Actors of anyone that are alive now; the disk is nobody's.
  std::size_t actors_alive() { return world_.system.registry().running() - gateway_->actors_of_disk(); }

private:
  void run_bank();
  void begin_life();
  /// Its actors die; what they say in the log meanwhile is not heard.
  void bury();
  /// Lines to the gateway but those through its doors: they end with its process.
  void cut_lines();
  /// A part of one of the houses, by name; empty where there is none.
  caf::actor part(const actors::gateway_actor& gateway, const std::string& name);
  net::link_ptr call_gateway(const net::link_events& events);

  world_settings bill_;
  std::uint64_t seed_;
  std::vector<std::string> log_;
  bool log_is_deaf_ = false;
  std::chrono::seconds clock_is_off_by_{0};
  std::shared_ptr<story_host> host_ = std::make_shared<story_host>();
  std::unique_ptr<gateway_on_disk> gateway_;
  actors::gateway_actor bank_, terminals_;                  // houses of their own, as the program runs them
  std::vector<std::weak_ptr<memory_pipe>> terminal_lines_;  // the gateway holds their first ends

  // Last, for it ends first: its dying actors may still use what stands above.
  virtual_time world_;
  caf::actor_clock::time_point begun_at_ = world_.now();
};

}  // namespace player
