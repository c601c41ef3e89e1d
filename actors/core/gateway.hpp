// The root actor: starts every part of the gateway, watches them, stops them in order.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// Whether actors of type `Handle` accept all messages of `Interface`.
template <class Handle, class Interface>
inline constexpr bool accepts =
  caf::detail::tl_subset_of<typename Interface::signatures, typename Handle::signatures>::value;

/// A running part, as handles by interface; the handle of an interface that it does not have is empty.
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

/// A part of the gateway, and how it is started, the first time and after each failure.
struct part {
  std::string name;  ///< "journal": in logs and stories
  std::function<running_part(caf::actor_system&, directory&)>
    start;                      ///< also puts the handle into the directory, if it has a member for it
  bool is_vital = false;        ///< if it fails, the process ends at once, and the next start replays
  bool serves_clients = false;  ///< gets no directory until every open case of earlier processes is known
};

/// Starts `parts` in their order.
gateway_actor spawn_gateway(caf::actor_system& system, environment_ptr env, std::vector<part> parts);

}  // namespace actors
