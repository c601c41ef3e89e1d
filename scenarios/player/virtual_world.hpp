// A story's world in virtual time: a whole gateway, and a host and clients in memory.
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

/// The bank's end of the host link: accepts dials as the story says, and survives the gateway.
struct story_host {
  /// The gateway dials; `events` are the gateway's.
  void accept_dial(const net::link_events& events);

  host_behaviour how = host_behaviour::answers;
  long calls = 0;
  connection_ptr line;  ///< the latest; may be closed
  std::shared_ptr<memory_listener>
    emulator_listener;                       ///< the emulator's listener, where the emulator is the host
  std::weak_ptr<memory_pipe> emulator_line;  ///< the first end is the gateway's
};

class virtual_world final : public world {
public:
  virtual_world(const world_settings& setup, std::uint64_t seed);
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
  void start_again() override { start_gateway(); }
  memory_disk& disk() override { return gateway_->disk(); }
  std::string ask_as_operator(const std::string& line) override;
  bool has_ended() override { return gateway_->has_ended(); }
  std::string statistics() override;
  const std::vector<std::string>& log() override { return log_; }

  void turn_to_host(std::size_t which) override { host_ = hosts_.at(which); }
  line_ptr host_line() override { return host_->line; }
  void host_behaves(host_behaviour how) override;
  long host_calls() override { return host_->calls; }

  void run_test_clients(std::size_t count, const config::settings& s,
                        const std::vector<std::string>& options) override;
  test_clients_report terminals() override;

  std::string trace() const override { return world_.trace; }

  /// Actors that are running now, without those of the disk.
  std::size_t actors_alive() { return world_.system.registry().running() - gateway_->actors_of_disk(); }

private:
  void run_bank();
  void start_gateway();
  /// Lets the actors of a stopped process run to their end; their log lines are dropped.
  void run_stopped_actors();
  /// Resets the gateway's links that did not come through its listeners: they end with its process.
  void reset_links();
  /// A child of this root actor, by name; empty where there is none.
  caf::actor part(const actors::gateway_actor& gateway, const std::string& name);
  net::link_ptr call_gateway(const net::link_events& events);

  world_settings setup_;
  std::uint64_t seed_;
  std::vector<std::string> log_;
  bool ignores_log_ = false;
  std::chrono::seconds clock_is_off_by_{0};
  std::vector<std::shared_ptr<story_host>> hosts_{std::make_shared<story_host>(),
                                                  std::make_shared<story_host>()};
  std::shared_ptr<story_host> host_ = hosts_[0];
  std::unique_ptr<gateway_on_disk> gateway_;
  actors::gateway_actor bank_, terminals_;  // root actors of their own, as the program runs them
  std::vector<std::weak_ptr<memory_pipe>> terminal_lines_;  // the first ends are the gateway's

  // The last member, because it is destroyed first: its stopping actors may still use the others.
  virtual_time world_;
  caf::actor_clock::time_point begun_at_ = world_.now();
};

}  // namespace player
