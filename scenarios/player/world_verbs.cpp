// The verbs of time, the log and the statistics.

#include <algorithm>

#include "scenarios/player/script.hpp"
#include "scenarios/player/verbs.hpp"

namespace player {

namespace {

void passes(script& p) {
  const auto time = p.read().duration(p.read().only_word("a duration"));
  p.here().pass(time);
}

void jumps(script& p, int direction) {
  const auto how_far = p.read().duration(p.read().only_word("a duration"));
  p.here().jump(direction * std::chrono::duration_cast<std::chrono::seconds>(how_far));
}

void jumps_back(script& p) { jumps(p, -1); }
void jumps_forward(script& p) { jumps(p, 1); }

bool logged(script& p, const std::string& text) {
  return std::ranges::any_of(
    p.here().log(), [&text](const std::string& line) { return line.find(text) != std::string::npos; });
}

void says(script& p) {
  const auto& w = p.read().only_word("text in quotes");
  p.expect([&] { return logged(p, w.text); }, [] { return "  no line of the log says so\n"; });
}

void never_says(script& p) {
  const auto& w = p.read().only_word("text in quotes");
  p.here().run_until_idle();
  if (logged(p, w.text))
    throw unmet{"  a line of the log says so\n"};
}

void say(script& p) {
  if (p.now().rest.empty())
    p.read().fail(nullptr, "expected what they say, like total=5");
  std::string line;
  const auto said = [&] {
    line = p.here().statistics();
    return std::ranges::all_of(p.now().rest, [&](const word& w) {
      const auto a = p.read().read_assignment(w);
      const auto what = "\"" + a.name + "\":" + a.value;
      return line.find(what + ",") != std::string::npos || line.find(what + "}") != std::string::npos;
    });
  };
  p.expect(said, [&line] {
    return line.empty() ? "  there are no statistics\n" : "  the statistics are " + line + "\n";
  });
}

constexpr verb time_rows[]{{"passes", "DURATION", anywhere, passes},
                           {"jumps back", "HOW FAR", in(way::virtual_time), jumps_back},
                           {"jumps forward", "HOW FAR", in(way::virtual_time), jumps_forward}};
constexpr verb log_rows[]{{"never says", "\"TEXT\"", with_own_gateway, never_says},
                          {"says", "\"TEXT\"", with_own_gateway, says}};
constexpr verb statistics_rows[]{{"say", "KEY=VALUE ...", with_gateway, say}};

}  // namespace

std::span<const verb> time_verbs() { return time_rows; }
std::span<const verb> log_verbs() { return log_rows; }
std::span<const verb> statistics_verbs() { return statistics_rows; }

}  // namespace player
