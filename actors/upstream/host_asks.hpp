// Answers what the host asks.
//
// Network management at once, by its dialect. Other requests, where the dialect has an answer to them, go to
// the client of their terminal; where it gives none in time, the dialect's own answer goes to the host.
#pragma once

#include <random>

#include "actors/core/environment.hpp"
#include "actors/upstream/network_talk.hpp"
#include "actors/upstream/reports.hpp"
#include "net/link.hpp"

namespace actors {

class host_asks {
public:
  /// `upstream`: the name of the host's group, or its own where it has none.
  host_asks(upstream_actor::pointer self, environment_ptr env, upstream_ptr host, std::string upstream,
            upstream_reports& tell)
    : self_(self),
      env_(std::move(env)),
      host_(std::move(host)),
      upstream_(std::move(upstream)),
      tell_(tell),
      random_(env_->seed) {}

  void learn(const directory& d) { clients_ = d.host_requests; }

  /// `link`: where it came from; nullptr: it has fallen.
  void take(const message_ptr& request, const net::frame_context& context, const net::link_ptr& link,
            network_talk& talk);

private:
  const codec::dialect& dialect() const { return *host_->dialect; }
  void take_network(const codec::message& request, const net::frame_context& context,
                    const net::link_ptr& link, network_talk& talk);
  void take_for_client(const message_ptr& request, const net::frame_context& context,
                       const net::link_ptr& link);
  void answer_with(const codec::message& m, const net::frame_context& context, const net::link_ptr& link);

  upstream_actor::pointer self_;
  environment_ptr env_;
  upstream_ptr host_;
  std::string upstream_;
  upstream_reports& tell_;
  host_requests_actor clients_;
  std::mt19937_64 random_;
};

}  // namespace actors
