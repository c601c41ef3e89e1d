// Remembers deals by id and by Idempotency-Key.
#pragma once

#include "actors/protocol.hpp"

namespace actors {

registry_actor spawn_registry(caf::actor_system& system);

} // namespace actors
