// Where a story is played in virtual time: a whole gateway, a host and clients made of memory.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/environment.hpp"
#include "actors/gateway.hpp"
#include "scenarios/player/memory_link.hpp"
#include "scenarios/player/virtual_time.hpp"

namespace player {

/// The host's end of the link: answers calls as it is told to.
class scripted_host final : public net::dialer {
public:
  enum class manner { answers, refuses, answers_and_closes };

  void dial(net::link_events events) override;
  void abandon() override {}
  bool waits() const override { return false; }
  const std::string& target() const override { return target_; }

  manner how = manner::answers;
  int calls = 0;
  connection_ptr line;  ///< the latest; may be closed

private:
  std::string target_ = "host";
};

class stage : public virtual_time {
public:
  stage(const config::settings& s, const codec::dialect& d, std::uint64_t seed, scripted_host::manner host_manner);
  ~stage() override;

  /// A client comes in; nothing happens where the door is shut.
  connection_ptr enter(bool by_http);

  /// A part of the gateway by name; empty where there is none.
  caf::actor part(const std::string& name);

  std::string statistics();

  void drain();

  actors::environment_ptr env;
  std::shared_ptr<scripted_host> host = std::make_shared<scripted_host>();
  actors::gateway_actor gateway;
  bool ended = false;            ///< the gateway has drained
  std::vector<std::string> log;  ///< all lines so far

private:
  std::shared_ptr<memory_door> door_ = std::make_shared<memory_door>();
  std::shared_ptr<memory_door> http_door_ = std::make_shared<memory_door>();
};

} // namespace player
