// What several actors accept: tick, drain, children, the directory. Their interfaces extend these; a function
// that needs one of these only takes any actor that has it.
#pragma once

#include <caf/all.hpp>

#include <vector>

namespace actors {

struct directory;  // directory.hpp

/// Check the timeouts.
using tick_atom = caf::atom_constant<caf::atom("tick")>;
/// Accept nothing new and finish what is under way; replied to when that is done.
using drain_atom = caf::atom_constant<caf::atom("drain")>;
/// Which actors that you spawned are running?
using children_atom = caf::atom_constant<caf::atom("children")>;
/// Set the counters to zero.
using reset_atom = caf::atom_constant<caf::atom("reset")>;

/// Works with other actors, whose handles it takes from the directory.
using directory_reader = caf::typed_actor<caf::reacts_to<directory>>;

/// Can be drained.
using drainable = caf::typed_actor<caf::replies_to<drain_atom>::with<drain_atom>>;

/// Spawns actors.
using parent = caf::typed_actor<caf::replies_to<children_atom>::with<std::vector<caf::actor>>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::directory)
