// What every part of a simulated world shares.
#pragma once

#include <functional>

#include <string>
#include <utility>
#include <vector>

#include "codec/dialect/dialect.hpp"
#include "config/settings.hpp"
#include "scenarios/simulator/agenda.hpp"
#include "scenarios/simulator/auditor.hpp"
#include "scenarios/simulator/random_source.hpp"

namespace simulator {

struct world {
  world(std::uint64_t seed, const codec::dialect& d, std::function<time_point()> clock)
    : random(seed), dialect(d), now(std::move(clock)) {}

  void in(milliseconds pause, std::function<void()> what) { plans.at(now() + pause, std::move(what)); }

  /// The wall clock.
  std::chrono::local_seconds local_time() const {
    return beginning +
           std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch() - std::chrono::hours(1));
  }

  random_source random;
  const codec::dialect& dialect;
  std::function<time_point()> now;
  agenda plans;
  config::settings settings;
  auditor audit{settings, dialect, now};
  std::vector<std::pair<std::string, codec::message>>
    odd_answers;                ///< bytes that the dialect cannot read whole, and what their bank means
  double wildness = 0;          ///< how often bank and clients do other than they should
  double slowness = 0;          ///< how many connections are slow, or acknowledge late
  double repeats = 0;           ///< how often the same is said again to the letter
  double strangers = 0;         ///< how often somebody asks for what is not his
  player::machine_ptr machine;  ///< of the gateway
  bool calm = false;            ///< nobody misbehaves any more
  std::function<void(milliseconds)> stand_still;  ///< lets the gateway's process do so
  milliseconds stood_still{};                     ///< the process, altogether
  bool slow_disk = false;                         ///< there was one: what waits for it waits long

private:
  /// 2026-11-23 12:00:00.
  static constexpr std::chrono::local_seconds beginning{
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}.time_since_epoch() + std::chrono::hours(12)};
};

}  // namespace simulator
