// One visitor at `statServerPort`: gets the statistics as a line of JSON, then we hang up.
#pragma once

#include "actors/protocol/protocol.hpp"

namespace actors {

visitor_actor spawn_stats_desk(caf::actor_system& system, net::link_ptr link, directory offices);

}  // namespace actors
