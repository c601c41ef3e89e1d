// A link to a host: sends requests, matches responses, keeps deadlines, dials again.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"
#include "actors/upstream/membership.hpp"

namespace actors {

/// `dialer` opens the link; the actor dials at once.
upstream_actor spawn_upstream(caf::actor_system& system, environment_ptr env, upstream_ptr host,
                              std::shared_ptr<net::dialer> dialer, link_place place = {});

}  // namespace actors
