// Remembers deals by id and by Idempotency-Key.
#pragma once

#include <memory>

#include "actors/protocol.hpp"

namespace actors {

class deals;

/// What is remembered lies outside, so it survives the actor.
std::shared_ptr<deals> make_deals();

registry_actor spawn_registry(caf::actor_system& system, std::shared_ptr<deals> remembered);

} // namespace actors
