// Serves one connection to `statServerPort`: sends the statistics as a line of JSON, and closes it.

#include "actors/metrics/stats_session.hpp"

#include "actors/core/default_handlers.hpp"
#include "actors/core/link_messages.hpp"

namespace actors {

namespace {

struct stats_session_state {
  static inline const char* name = "stats_session";
  net::link_ptr link;
  int ticks = 0;
};

session_actor::behavior_type stats_session(session_actor::stateful_pointer<stats_session_state> self,
                                           net::link_ptr link, directory peers) {
  using namespace std::chrono_literals;
  // Ticks come every second; a connection that is still open by then is closed.
  constexpr int ticks_max = 10;

  with_default_handlers(self);
  auto& state = self->state;
  state.link = std::move(link);
  state.link->open(events_to(caf::actor_cast<session_actor>(self)));
  self->request(peers.stats, 2s, caf::get_atom::value)
    .then(
      [&state](const std::string& line) {
        state.link->send(line + "\n");
        state.link->close();
      },
      [self](caf::error&) { self->quit(); });
  return {
    [](received&) {},
    [](finished_atom) {},
    [self](const link_down&) { self->quit(); },
    [self, &state](tick_atom) {
      if (++state.ticks >= ticks_max)
        self->quit();
    },
    [self](drain_atom) { self->quit(); },
    [](const directory&) {},
  };
}

}  // namespace

session_actor spawn_stats_session(caf::actor_system& system, net::link_ptr link, directory peers) {
  return system.spawn(stats_session, std::move(link), std::move(peers));
}

}  // namespace actors
