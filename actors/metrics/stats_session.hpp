// Serves one connection to `statServerPort`: sends the statistics as a line of JSON, and closes it.
#pragma once

#include "actors/protocol/directory.hpp"

namespace actors {

/// `link` is not open yet. The line is requested from the stats actor of `peers`.
session_actor spawn_stats_session(caf::actor_system& system, net::link_ptr link, directory peers);

}  // namespace actors
