// Plays a story.
//
// A story that cannot be played in the chosen way is skipped before it begins, with the reason: it never
// counts as played.

#include "scenarios/player/player.hpp"

#include <memory>

#include "scenarios/player/script.hpp"
#include "scenarios/player/verbs.hpp"
#include "scenarios/player/virtual_world.hpp"

namespace player {

namespace {

bool knows(way how, const step& s) { return (s.does->ways & in(how)) != 0; }

std::string name_of(way how) {
  switch (how) {
    case way::virtual_time: return "in virtual time";
    case way::real: return "by the released program";
    case way::target: return "against a gateway that runs already";
    case way::host: break;
  }
  return "without a gateway";
}

std::string in_seconds(std::chrono::milliseconds time) {
  return std::to_string((time.count() + 999) / 1000) + " s";
}

// Why this story cannot be played this way; empty where it can.
std::string reason_to_skip(const story& s, way how, std::chrono::milliseconds timeout) {
  if (const auto length = length_of(s); length > timeout)
    return in_seconds(length) + " pass in it, more than the limit of " + in_seconds(timeout) +
           " (--patience)";
  for (const auto& step : s.steps)
    if (how != way::host && !knows(how, step))
      return "line " + std::to_string(step.line) + ": '" + step.subject + " " +
             std::string(step.does->words) + "' cannot be played " + name_of(how);
  return "";
}

}  // namespace

std::chrono::milliseconds length_of(const story& s) {
  std::chrono::milliseconds sum{0};
  for (const auto& step : s.steps)
    if (step.does->rest == "DURATION" && step.rest.size() == 1)
      if (const auto d = parse_duration(step.rest[0], step.line);
          std::holds_alternative<std::chrono::milliseconds>(d))
        sum += std::get<std::chrono::milliseconds>(d);
  return sum;
}

outcome play(const story& s, const codec::dialect& dialect, const conditions& c, const make_world& make,
             const step_observer& on_step) {
  outcome o;
  o.skipped = reason_to_skip(s, c.how, c.timeout);
  if (!o.skipped.empty())
    return o;
  script p(dialect, c.how, make, c.stan_shift);
  const auto report = [&](const step& what, std::optional<std::string> failure, bool left_out = false) {
    if (on_step)
      on_step({&what, p.time(), std::move(failure), left_out});
  };
  for (const auto& step : s.steps) {
    ++o.steps;
    if (!knows(c.how, step)) {
      ++o.left_out;
      report(step, {}, true);
      continue;
    }
    try {
      p.perform(step);
    } catch (const wrong& w) {
      o.error = w.error;
      return o;
    } catch (const unmet& u) {
      report(step, u.what);
      o.trace = p.trace();
      return o;
    } catch (const not_here& n) {
      o.skipped = "line " + std::to_string(step.line) + ": " + n.why;
      return o;
    }
    report(step, {});
  }
  o.good = true;
  o.trace = p.trace();
  return o;
}

outcome play(const story& s, const codec::dialect& dialect, std::uint64_t seed,
             const step_observer& on_step) {
  const auto make = [seed](const world_settings& setup) -> std::unique_ptr<world> {
    return std::make_unique<virtual_world>(setup, seed);
  };
  return play(s, dialect, conditions(), make, on_step);
}

}  // namespace player
