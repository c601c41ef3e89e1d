#include "scenarios/simulator/history.hpp"

#include <cstdio>

#include "scenarios/simulator/random_source.hpp"

namespace simulator {

std::string stamp(time_point when) {
  const auto ms =
    std::chrono::duration_cast<milliseconds>(when.time_since_epoch() - std::chrono::hours(1)).count();
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%03lld", static_cast<long long>(ms / 1000),
                static_cast<long long>(ms % 1000));
  return text;
}

std::string story_of(const ledger_entry& t) {
  static constexpr const char* protocols[]{"raw", "/", "/v1"};
  static constexpr const char* delivery[]{"tcp", "idempotent", "confirm"};
  auto text = "amount " + std::to_string(t.amount) + ", terminal " + t.tid + ", STAN " + t.stan;
  for (const auto& a : t.requesters)
    text += std::string(", ") + protocols[static_cast<std::size_t>(a.how)] +
            (a.by_key() ? " with a key" : "") + " under " + delivery[static_cast<std::size_t>(a.delivery)];
  text += "\n";
  for (const auto& h : t.history)
    text += "  " + stamp(h.when) + "  " + h.what + "\n";
  return text;
}

}  // namespace simulator
