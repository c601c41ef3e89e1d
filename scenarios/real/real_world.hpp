// A story's world of real sockets and clocks, around the released program as a child or a running gateway.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/installed.hpp"
#include "scenarios/player/world.hpp"
#include "scenarios/real/bank_port.hpp"
#include "scenarios/real/child.hpp"
#include "scenarios/real/clock.hpp"
#include "scenarios/real/temporary_directory.hpp"

namespace real {

/// A running gateway; ports that were not given are 0.
struct target {
  std::string host;
  std::uint16_t port = 0, http_port = 0, stat_port = 0, bank_port = 0;
};

/// What is shared by all stories: the loop and, with --target, the host's port, so that the gateway keeps its
/// link.
struct ground {
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_alive{io.get_executor()};
  std::string program = config::installed_beside("socketqueue");  ///< the gateway that stories start
  std::shared_ptr<bank_port> targets_bank;
  std::vector<std::string> targets_options;  ///< the link's options in the previous story
  std::chrono::milliseconds expectation_timeout =
    std::chrono::seconds(10);  ///< how long to wait for each expectation
};

class real_world final : public player::world {
public:
  /// With `at`, plays against the gateway there; else against a child process.
  real_world(ground& g, const player::world_settings& setup, std::optional<target> at);
  ~real_world() override;

  std::chrono::local_seconds local_time() const override;
  std::chrono::milliseconds since_begin() const override;
  void pass(std::chrono::milliseconds time) override;
  void take_notice() override;
  void run_until_idle() override;
  bool comes(const std::function<bool()>& what) override;

  player::line_ptr enter(bool by_http) override;
  void drain() override;
  void kill() override;
  void start_again() override;
  std::string ask_as_operator(const std::string& line) override;
  bool has_ended() override;
  std::string how_it_ended() override;
  std::string statistics() override;
  const std::vector<std::string>& log() override { return log_; }

  player::line_ptr host_line() override { return bank_->line(); }
  void host_behaves(player::host_behaviour how) override;
  long host_calls() override;

  void run_test_clients(std::size_t count, const config::settings& s,
                        const std::vector<std::string>& options) override;
  player::test_clients_report terminals() override;

private:
  void start_gateway();
  void start_bank();
  void await_start();
  void begin_at_target();
  void begin_with_child();
  /// Whether the gateway answered; then it has handled everything sent before.
  bool probe();
  std::shared_ptr<wire> call(std::uint16_t port, net::framing how = {});
  /// Runs what is ready.
  void poll();
  bool logged(const std::string& text) const;
  std::string end_of_log() const;

  ground& ground_;
  player::world_settings setup_;
  std::optional<target> at_;
  std::chrono::steady_clock::time_point begun_at_ = std::chrono::steady_clock::now();
  story_clock clock_;
  std::uint16_t port_ = 0, http_port_ = 0, stat_port_ = 0, bank_port_ = 0;
  std::string address_ = "127.0.0.1";
  std::shared_ptr<bank_port> bank_;
  std::optional<temporary_directory> state_;  ///< keeps the journal between gateways of one story
  std::unique_ptr<child> gateway_, emulator_, terminals_;
  std::vector<std::string> log_;
  bool killed_ = false;
  std::size_t terminals_count_ = 0;
  std::vector<std::string> terminals_log_;
};

}  // namespace real
