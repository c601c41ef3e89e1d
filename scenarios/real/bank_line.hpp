// A story's world without a gateway: clients talk directly to a bank's test host, over one link.
#pragma once

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

#include "scenarios/player/world.hpp"
#include "scenarios/real/clock.hpp"
#include "scenarios/real/wire.hpp"

namespace real {

class bank_line final : public player::world {
public:
  bank_line(boost::asio::io_context& io, const player::world_settings& setup, const std::string& host,
            std::uint16_t port);

  std::chrono::local_seconds local_time() const override;
  std::chrono::milliseconds since_begin() const override;
  void pass(std::chrono::milliseconds time) override;
  void take_notice() override { hand_out(); }
  void run_until_idle() override;
  bool comes(const std::function<bool()>& what) override;

  player::line_ptr enter(bool by_http) override;
  bool has_ended() override { return link_->closed; }
  player::line_ptr host_line() override { return link_; }
  void host_behaves(player::host_behaviour) override { throw player::not_here{"the host is the bank's"}; }
  long host_calls() override { return 1; }

private:
  struct desk;

  /// Delivers the host's responses to the clients that sent the requests; answers the host's network
  /// management requests.
  void hand_out();

  boost::asio::io_context& io_;
  codec::dialect dialect_;
  std::chrono::steady_clock::time_point begun_at_ = std::chrono::steady_clock::now();
  story_clock clock_;
  std::shared_ptr<wire> link_;
  std::size_t seen_ = 0;
  std::vector<std::shared_ptr<desk>> desks_;
};

}  // namespace real
