// Where a story is played: the gateway and the world around it. One is made of memory and virtual time
// (stage), another of a child process, sockets and clocks (scenarios/real).
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

/// How a story can be played. A verb says which ways know it.
enum class way : unsigned {
  virtual_time = 1,  ///< all in memory
  real = 2,          ///< the released program as a child
  target = 4,        ///< a gateway that runs already
  host = 8,          ///< no gateway: clients straight to a bank's host; what is not theirs is left out
};

/// How the story's host takes calls.
enum class host_behaviour { answers, refuses, answers_and_closes, is_bank };

/// What is known when the gateway starts.
struct world_settings {
  config::settings settings;
  std::vector<std::string> options;  ///< the story's, "maxQueue=1"
  codec::dialect dialect;
  host_behaviour behaviour = host_behaviour::answers;
  config::settings bank;  ///< of the emulator, where the host is one
  std::vector<std::string> bank_options;
};

/// How the test clients fared.
struct test_clients_report {
  std::size_t clients = 0, never_served = 0, good = 0, failed = 0;
};

/// Thrown by a theatre: this story cannot be played here, and why.
struct not_here {
  std::string why;
};

/// What a verb finds. What only some theatres have refuses by itself in the others.
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

  /// The wall clock is set, and nothing else.
  virtual void jump(std::chrono::seconds) { throw not_here{"the clock can be set in virtual time only"}; }

  /// After something was done: until the gateway has taken notice of it.
  virtual void take_notice() = 0;

  /// Until nothing more happens by itself, before it is said that something did not come.
  virtual void run_until_idle() = 0;

  /// Whether it comes true: at once where time is virtual, within a patience where it is real.
  virtual bool comes(const std::function<bool()>& what) = 0;

  // --- the gateway -----------------------------------------------------------

  virtual line_ptr enter(bool by_http) = 0;

  /// Ends one part of it; false where there is no such part.
  virtual bool lose(const std::string&) {
    throw not_here{"a part of the gateway can be lost in virtual time only"};
  }

  /// Told to end.
  virtual void drain() { throw not_here{"this gateway cannot be told to end"}; }

  /// Dies without farewell.
  virtual void kill() { throw not_here{"this gateway cannot be killed"}; }

  /// Dies with its machine: what it had not made durable may be lost.
  virtual void lose_power() { throw not_here{"power can be lost in virtual time only"}; }

  /// A new one with the same settings; what is durable has outlived the old one. Where its start is refused,
  /// it has ended.
  virtual void start_again() { throw not_here{"this gateway cannot be started"}; }

  /// Where its journal lies.
  virtual memory_disk& disk() { throw not_here{"a disk can fail in virtual time only"}; }

  /// What an operator gets for a line at its control socket, a line of JSON; empty where nobody answers.
  virtual std::string ask_as_operator(const std::string&) { throw not_here{"this gateway has no operator"}; }

  virtual bool has_ended() = 0;

  /// What was wrong with its end: "with exit status 1"; empty where it was in order, or a killing.
  virtual std::string how_it_ended() { return {}; }

  /// A line of JSON; empty where nobody tells.
  virtual std::string statistics() { throw not_here{"nobody tells the statistics of this gateway"}; }

  /// Every line so far.
  virtual const std::vector<std::string>& log() { throw not_here{"the log of this gateway cannot be read"}; }

  // --- the host --------------------------------------------------------------

  /// Its latest; none before the first call.
  virtual line_ptr host_line() = 0;
  virtual void host_behaves(host_behaviour how) = 0;
  virtual long host_calls() = 0;

  // --- test clients ---------------------------------------

  virtual void run_test_clients(std::size_t, const config::settings&, const std::vector<std::string>&) {
    throw not_here{"no test clients here"};
  }
  virtual test_clients_report terminals() { throw not_here{"no test clients here"}; }

  /// Every message that an actor handled, a line each; where there is such a thing.
  virtual std::string trace() const { return {}; }
};

using make_world = std::function<std::unique_ptr<world>(const world_settings&)>;

}  // namespace player
