// Tells people what needs one: by a program, by a server, in the log and in the metrics.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/core/environment.hpp"
#include "actors/metrics/alarm_watch.hpp"
#include "actors/protocol/directory.hpp"
#include "net/http/poster.hpp"

namespace actors {

/// A way to people. `send` calls `then` once: with why they cannot have it, or with nothing.
struct alarm_channel {
  std::string name;  ///< of its option
  std::function<void(const alarm_notice& n, std::function<void(std::string why)> then)> send;
};

/// Posts to a server; a status of 200 to 299 says that it has it.
alarm_channel posting_channel(net::poster post, std::string secret,
                              std::function<std::chrono::sys_seconds()> now);

/// All the ways, and what each notice says of this process.
struct alarm_outlets {
  std::vector<alarm_channel> channels;
  std::function<std::chrono::sys_seconds()> now;
  std::string gateway;  ///< the machine's name

  /// The notice with when and where.
  alarm_notice stamped(alarm_notice n) const;
};

/// Which alarms are on, and what is still to be sent. It is outside the actor, so it survives a restart of
/// it.
struct alarm_books {
  alarm_watch watch;
  std::vector<std::deque<alarm_notice>> unsent;  ///< by channel
};

/// A channel has sent the notice, or could not: a message of `alarms` to itself.
struct notice_sent {
  std::size_t channel;
  std::string why;
};

alarms_actor spawn_alarms(caf::actor_system& system, environment_ptr env,
                          std::shared_ptr<const alarm_outlets> outlets, std::shared_ptr<alarm_books> kept);

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::notice_sent)
