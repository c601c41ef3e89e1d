// Joins a link to an actor: each event of the link becomes one message.
#pragma once

#include "actors/protocol/directory.hpp"

namespace actors {

template <class Actor>
net::link_events events_to(const Actor& to) {
  net::link_events events;
  if constexpr (!std::is_same_v<Actor, session_actor>)
    events.up = [to](net::link_ptr link) { caf::anon_send(to, link_up{std::move(link)}); };
  if constexpr (std::is_same_v<Actor, upstream_actor>)
    events.rival = [to](std::string peer) { caf::anon_send(to, host_calls_again{std::move(peer)}); };
  events.frames = [to](std::vector<net::frame> frames) { caf::anon_send(to, received{std::move(frames)}); };
  events.finished = [to] { caf::anon_send(to, finished_atom::value); };
  events.down = [to](std::string why) { caf::anon_send(to, link_down{std::move(why)}); };
  return events;
}

}  // namespace actors
