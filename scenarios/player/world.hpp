// The interface to what a story is played in: the gateway and everything around it. One implementation is
// memory and virtual time (virtual_world), the others are real processes, sockets and clocks
// (scenarios/real).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "codec/dialect/dialect.hpp"
#include "config/settings.hpp"
#include "scenarios/player/line.hpp"

namespace player {

class memory_disk;

/// The ways to play a story. Each verb names the ways that support it.
enum class way : unsigned {
  virtual_time = 1,  ///< all in memory
  real = 2,          ///< the released program as a child process
  target = 4,        ///< a running gateway
  host = 8,          ///< no gateway: clients connect to a bank's host; the other steps are skipped
};

/// How the story's host answers dials.
enum class host_behaviour { answers, refuses, answers_and_closes, is_bank };

/// What is fixed when the gateway starts.
struct world_settings {
  config::settings settings;
  std::vector<std::string> options;  ///< the story's options, "maxQueue=1"
  codec::dialect dialect;
  host_behaviour behaviour = host_behaviour::answers;
  config::settings bank;  ///< the emulator's, where the emulator is the host
  std::vector<std::string> bank_options;
};

/// Results of the test clients.
struct test_clients_report {
  std::size_t clients = 0, never_served = 0, good = 0, failed = 0;
};

/// Thrown by a world: why this story cannot be played here.
struct not_here {
  std::string why;
};

/// What the verbs act on. A call that a world does not support throws `not_here`.
class world {
public:
  world() = default;
  virtual ~world() = default;
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  // --- time ------------------------------------------------------------------

  virtual std::chrono::local_seconds local_time() const = 0;
  virtual std::chrono::milliseconds since_begin() const = 0;
  virtual void pass(std::chrono::milliseconds time) = 0;

  /// Sets the wall clock only.
  virtual void jump(std::chrono::seconds) { throw not_here{"the clock can be set in virtual time only"}; }

  /// Waits until the gateway has handled what was just done.
  virtual void take_notice() = 0;

  /// Waits until nothing more happens by itself; afterwards a step may claim that something did not happen.
  virtual void run_until_idle() = 0;

  /// Whether `what` becomes true: at once in virtual time, within a timeout in real time.
  virtual bool comes(const std::function<bool()>& what) = 0;

  // --- the gateway -----------------------------------------------------------

  virtual line_ptr enter(bool by_http) = 0;

  /// Stops one part of the gateway; false where there is no such part.
  virtual bool lose(const std::string&) {
    throw not_here{"a part of the gateway can be lost in virtual time only"};
  }

  /// Orders the gateway to end, like TERM.
  virtual void drain() { throw not_here{"this gateway cannot be ended"}; }

  /// Kills the gateway's process.
  virtual void kill() { throw not_here{"this gateway cannot be killed"}; }

  /// Switches the gateway's machine off: what is not durable may be lost.
  virtual void lose_power() { throw not_here{"power can be lost in virtual time only"}; }

  /// Starts a new gateway with the same settings, on what is durable. Where the start is refused, `has_ended`
  /// is true.
  virtual void start_again() { throw not_here{"this gateway cannot be started"}; }

  /// The disk of the journal.
  virtual memory_disk& disk() { throw not_here{"a disk can fail in virtual time only"}; }

  /// Sends a line to the gateway's control socket and returns the reply, a line of JSON; empty where there is
  /// no reply.
  virtual std::string ask_as_operator(const std::string&) { throw not_here{"this gateway has no operator"}; }

  virtual bool has_ended() = 0;

  /// Why the gateway's end was not in order: "with exit status 1"; empty where it was, or where it was
  /// killed.
  virtual std::string how_it_ended() { return {}; }

  /// A line of JSON; empty where none can be read.
  virtual std::string statistics() { throw not_here{"the statistics of this gateway cannot be read"}; }

  /// All lines so far.
  virtual const std::vector<std::string>& log() { throw not_here{"the log of this gateway cannot be read"}; }

  // --- the host --------------------------------------------------------------

  /// What follows about the host is about this one: 0, the first, or 1, the one behind the second link.
  virtual void turn_to_host(std::size_t which) {
    if (which != 0)
      throw not_here{"a second link to the bank is there in virtual time only"};
  }

  /// The host's latest connection; none before the first dial.
  virtual line_ptr host_line() = 0;
  virtual void host_behaves(host_behaviour how) = 0;
  virtual long host_calls() = 0;

  // --- test clients ---------------------------------------

  virtual void run_test_clients(std::size_t, const config::settings&, const std::vector<std::string>&) {
    throw not_here{"no test clients here"};
  }
  virtual test_clients_report terminals() { throw not_here{"no test clients here"}; }

  /// Every message that an actor handled, one line each; empty where the world cannot trace.
  virtual std::string trace() const { return {}; }
};

using make_world = std::function<std::unique_ptr<world>(const world_settings&)>;

}  // namespace player
