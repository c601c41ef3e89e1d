// The part that speaks to the service manager. It is an actor like the others, so a loop that hangs is as
// silent as it is: the manager then ends the process, and the next start takes up what was open.

#include "actors/program/service_part.hpp"

#include "actors/core/default_handlers.hpp"
#include "net/local/service_manager.hpp"

namespace actors {

namespace {

/// Say once more that the process serves; it sends this to itself.
using again_atom = caf::atom_constant<caf::atom("again")>;

using service_actor = directory_reader::extend<caf::reacts_to<tick_atom>, caf::reacts_to<again_atom>>;

class service_state {
public:
  static inline const char* name = "service_manager";

  void announce() {
    // Its socket may be full.
    constexpr std::chrono::seconds pause(1);
    is_announced = manager->ready();
    if (!is_announced)
      self->delayed_send(self, pause, again_atom::value);
  }

  void tick() {
    manager->alive();
    self->delayed_send(self, period, tick_atom::value);
  }

  service_actor::pointer self = nullptr;
  service_manager_ptr manager;
  std::chrono::milliseconds period{};
  bool is_announced = false;
};

service_actor::behavior_type service(service_actor::stateful_pointer<service_state> self,
                                     service_manager_ptr manager, std::chrono::milliseconds period) {
  with_default_handlers(self);
  auto& state = self->state;
  state.self = self;
  state.manager = std::move(manager);
  state.period = period;
  if (period.count() > 0)
    self->send(self, tick_atom::value);
  return {
    [&state](const directory&) {
      if (!state.is_announced)
        state.announce();
    },
    [&state](tick_atom) { state.tick(); },
    [&state](again_atom) { state.announce(); },
  };
}

}  // namespace

part service_part(service_manager_ptr manager, std::chrono::milliseconds period) {
  part p{"service_manager", [manager = std::move(manager), period](caf::actor_system& system, directory&) {
           return running_part::of(service_actor(system.spawn(service, manager, period)));
         }};
  // So it gets a directory when clients are admitted.
  p.serves_clients = true;
  return p;
}

}  // namespace actors
