// What all parts of a simulated world share.
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

/// In half of the worlds clients reverse and inquire more often, and the bank's responses lack fields: how
/// often. Drawn apart, so that the other worlds stay what they are.
inline double doubts_of(std::uint64_t seed) {
  random_source random(seed ^ 0x5bd1e995'00000000);
  return random.chance(0.5) ? 0 : 0.05 + 0.35 * random.share();
}

/// In a third of the worlds the bank approves parts and clients take parts back: how often. Drawn apart too.
inline double parts_of(std::uint64_t seed) {
  random_source random(seed ^ 0x9e3779b9'00000000);
  return random.chance(0.67) ? 0 : 0.1 + 0.4 * random.share();
}

struct world {
  world(std::uint64_t seed, const codec::dialect& d, std::function<time_point()> clock)
    : random(seed), dialect(d), now(std::move(clock)), doubts(doubts_of(seed)), parts(parts_of(seed)) {}

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
    odd_answers;                ///< bytes that the dialect cannot read whole, and their meaning at the bank
  double wildness = 0;          ///< how often bank and clients misbehave
  double slowness = 0;          ///< share of connections that are slow, or acknowledge late
  double repeats = 0;           ///< how often a request is repeated exactly
  double strangers = 0;         ///< how often a client asks for a transaction of another
  double echoes = 1;            ///< how many of the gateway's echoes the bank answers
  double doubts = 0;            ///< see `doubts_of`
  double parts = 0;             ///< see `parts_of`
  player::machine_ptr machine;  ///< the gateway's
  bool calm = false;            ///< the bank and the clients behave from now on
  std::function<void(milliseconds)> stand_still;  ///< suspends the gateway's process
  milliseconds stood_still{};                     ///< how long the process was suspended in all
  bool slow_disk = false;                         ///< the disk was slow: what waits for it waits long

private:
  /// 2026-11-23 12:00:00.
  static constexpr std::chrono::local_seconds beginning{
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}.time_since_epoch() + std::chrono::hours(12)};
};

}  // namespace simulator
