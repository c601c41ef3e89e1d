// The root: starts every part of the gateway, watches them, closes down in order.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// Whether actors of type `Handle` accept all that `Interface` names.
template <class Handle, class Interface>
inline constexpr bool accepts =
  caf::detail::tl_subset_of<typename Interface::signatures, typename Handle::signatures>::value;

/// A part that runs, by what it accepts; a handle of what it does not accept is empty.
struct running_part {
  caf::actor actor;
  directory_reader reader = {};
  drainable drain = {};

  template <class Handle>
  static running_part of(const Handle& h) {
    running_part p{caf::actor_cast<caf::actor>(h)};
    if constexpr (accepts<Handle, directory_reader>)
      p.reader = h;
    if constexpr (accepts<Handle, drainable>)
      p.drain = h;
    return p;
  }
};

/// A part of the gateway: how it is started, the first time and after each death.
struct part {
  std::string name;  ///< "journal": as logs and stories call it
  std::function<running_part(caf::actor_system&, directory&)>
    start;                ///< puts it into the directory, where it has a place
  bool is_vital = false;  ///< without it the process ends at once, and the next start replays
  bool serves_clients =
    false;  ///< waits for the directory until every open case of earlier processes is known
};

/// `parts` are started in their order.
gateway_actor spawn_gateway(caf::actor_system& system, environment_ptr env, std::vector<part> parts);

}  // namespace actors
