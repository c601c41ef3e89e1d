// The events of the admin port's streams.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/events.hpp"

namespace actors {

admin_events_actor spawn_admin_events(caf::actor_system& system, environment_ptr env);

}  // namespace actors
