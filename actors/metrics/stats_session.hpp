// One visitor at `statServerPort`: gets the statistics as a line of JSON, then we hang up.
#pragma once

#include "actors/protocol/directory.hpp"

namespace actors {

session_actor spawn_stats_desk(caf::actor_system& system, net::link_ptr link, directory peers);

}  // namespace actors
