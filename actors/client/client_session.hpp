// The actor around a client's conversation, raw or HTTP: its State has a function for each message.
#pragma once

#include "actors/core/default_handlers.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

template <class State, class... Args>
session_actor spawn_client_session(caf::actor_system& system, Args... args) {
  const auto session = [](session_actor::stateful_pointer<State> self,
                          Args... what) -> session_actor::behavior_type {
    with_default_handlers(self);
    auto& state = self->state;
    state.start(std::move(what)...);
    return {
      [&state](received& r) { state.take(r); },
      [&state](finished_atom) { state.finished(); },
      [&state](const link_down& down) { state.gone(down.why); },
      [&state](tick_atom) { state.tick(); },
      [&state](drain_atom) { state.drain(); },
      [&state](const directory& d) { state.learn(d); },
    };
  };
  return system.spawn(session, std::move(args)...);
}

}  // namespace actors
