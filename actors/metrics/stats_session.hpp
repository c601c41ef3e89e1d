// One connection to `statServerPort`: it gets the statistics as a line of JSON, and is closed.
#pragma once

#include "actors/protocol/directory.hpp"

namespace actors {

session_actor spawn_stats_desk(caf::actor_system& system, net::link_ptr link, directory peers);

}  // namespace actors
