// Answers what the host asks.
#pragma once

#include <random>

#include "actors/core/environment.hpp"
#include "actors/upstream/network_talk.hpp"
#include "actors/upstream/reports.hpp"
#include "net/link.hpp"

namespace actors {

class host_asks {
public:
  host_asks(environment_ptr env, upstream_ptr host, const upstream_reports& tell)
    : env_(std::move(env)), host_(std::move(host)), tell_(tell), random_(env_->seed) {}

  /// The host may test the line at any time; no other request of it is answered. `link`: where it came from;
  /// nullptr: it has fallen.
  void take(const codec::message& request, const net::frame_context& context, const net::link_ptr& link,
            network_talk& talk, time_point now);

private:
  const codec::dialect& dialect() const { return *host_->dialect; }

  environment_ptr env_;
  upstream_ptr host_;
  const upstream_reports& tell_;
  std::mt19937_64 random_;
};

}  // namespace actors
