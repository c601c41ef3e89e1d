// The links of all groups, where a gateway has several.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// A link of a group, and what dials it.
struct dialed_link {
  std::string group;
  upstream_ptr link;
  std::shared_ptr<net::dialer> dialer;
};

using dialed_links = std::vector<dialed_link>;

/// The links from now on, of the same groups. One without a dialer goes on as it is.
struct set_links {
  dialed_links links;
};

/// Links that are missing in `set_links` get nothing new, and end when nothing is under way on them.
using changing_links_actor = link_groups_actor::extend<caf::reacts_to<set_links>>;

/// `links` is outside the actor, so what was changed survives a restart.
changing_links_actor spawn_link_groups(caf::actor_system& system, environment_ptr env,
                                       std::shared_ptr<dialed_links> links);

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::set_links)
