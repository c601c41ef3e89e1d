// Actors under CAF's testing scheduler: one thread, a clock that the test moves, and a seed that decides the
// order.
#pragma once

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "scenarios/player/message_kind.hpp"

namespace player {

class virtual_time {
public:
  explicit virtual_time(std::uint64_t seed = 1) : random_source(seed) {
    scheduler.clock().current_time += std::chrono::hours(1);  // CAF takes zero for "none"
  }
  virtual ~virtual_time() {
    for (auto& a : owned)
      caf::anon_send_exit(a, caf::exit_reason::kill);
    run_until_idle();
  }
  virtual_time(const virtual_time&) = delete;
  virtual_time& operator=(const virtual_time&) = delete;

  /// Stops `h` in the destructor, before CAF's system waits for all actors.
  template <class Handle>
  Handle own(Handle h) {
    owned.push_back(caf::actor_cast<caf::actor>(h));
    return h;
  }

  /// Lets one ready actor, chosen at random, handle one message.
  bool step() {
    auto& ready = scheduler.jobs;
    if (ready.empty())
      return false;
    std::swap(ready.front(), ready[random_source() % ready.size()]);
    auto* actor = dynamic_cast<caf::local_actor*>(ready.front());
    if (actor && traces)
      note(*actor);
    if (actor && on_message)
      on_message(*actor);
    return scheduler.try_run_once();
  }

  void run_until_idle() {
    while (step()) {}
  }

  /// Moves the clock from timer to timer; the actors run in between.
  void pass(caf::timespan time) {
    const auto end = now() + time;
    run_until_idle();
    for (auto next = next_timer(); next && *next <= end; next = next_timer()) {
      advance_to(*next);
      run_until_idle();
    }
    advance_to(end);
    run_until_idle();
  }

  /// The time of the next timer; nothing where none is set.
  std::optional<caf::actor_clock::time_point> next_timer() {
    const auto& timers = scheduler.clock().schedule();
    return timers.empty() ? std::nullopt : std::optional(timers.begin()->first);
  }

  /// Moves the clock and fires the timers up to then; no actor runs yet.
  void advance_to(caf::actor_clock::time_point then) {
    const auto gap = then - now();
    scheduler.clock().advance_time(std::max(gap, gap.zero()));
  }

  /// Called before each actor handles a message.
  std::function<void(caf::local_actor&)> on_message;

  /// Whether to write the trace.
  bool traces = true;

  /// One line per handled message: "35.000 upstream 1: submit". Never shows a message's content.
  std::string trace;

  caf::actor_clock::time_point now() const { return scheduler.clock().current_time; }

  /// Sends a request and returns its answer, or an error.
  template <class Answer, class Handle, class... Args>
  caf::expected<Answer> ask(const Handle& target, Args... args) {
    caf::scoped_actor self{system, true};
    auto pending = self->request(target, caf::infinite, std::move(args)...);
    run_until_idle();
    caf::expected<Answer> got = caf::error(caf::sec::runtime_error);
    pending.receive([&](Answer& a) { got = std::move(a); }, [&](caf::error& e) { got = std::move(e); });
    return got;
  }

private:
  void note(caf::local_actor& actor) {
    const auto time =
      std::chrono::duration_cast<std::chrono::milliseconds>(now().time_since_epoch() - std::chrono::hours(1))
        .count();
    char stamp[32];
    std::snprintf(stamp, sizeof stamp, "%lld.%03lld ", static_cast<long long>(time / 1000),
                  static_cast<long long>(time % 1000));
    trace += stamp + name_of(actor) + ": " + kind_of_next_message(actor) + "\n";
  }

  // "session 3": numbered in order of appearance, because CAF's ids depend on other actors in the process.
  const std::string& name_of(const caf::local_actor& actor) {
    auto& name = names_[actor.id()];
    if (name.empty())
      name = std::string(actor.name()) + " " + std::to_string(++named_[actor.name()]);
    return name;
  }

  struct testing_config : caf::actor_system_config {
    testing_config() { set("scheduler.policy", caf::atom("testing")); }
  };
  testing_config config_;

public:
  caf::actor_system system{config_};
  caf::scheduler::test_coordinator& scheduler =
    dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  std::mt19937_64 random_source;

private:
  std::vector<caf::actor> owned;
  std::map<caf::actor_id, std::string> names_;
  std::map<std::string, int> named_;
};

}  // namespace player
