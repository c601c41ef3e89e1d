// Counts the messages that passed, and replies with the sums. No other actor depends on it.

#include "actors/metrics/stats.hpp"

#include "actors/core/default_handlers.hpp"

namespace actors {

namespace {

struct stats_state {
  static inline const char* name = "stats";
};

stats_actor::behavior_type stats(stats_actor::stateful_pointer<stats_state> self, environment_ptr env,
                                 std::shared_ptr<totals> sums) {
  with_default_handlers(self);
  return {
    [env, sums](const message_observed& p) {
      sums->count(*p.message, p.why, p.request.get(), env->upstreams.dialect_of(p.upstream));
      if (!p.link.empty())
        sums->count_link(p.link, *p.message);
    },
    [sums](const frame_dropped& f) { sums->count(f.why); },
    [sums](caf::get_atom) { return sums->json(); },
    [sums](reset_atom) { *sums = {}; },
  };
}

}  // namespace

stats_actor spawn_stats(caf::actor_system& system, environment_ptr env, std::shared_ptr<totals> sums) {
  return system.spawn(stats, std::move(env), std::move(sums));
}

}  // namespace actors
