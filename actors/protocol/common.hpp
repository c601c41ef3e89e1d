// What several actors accept: to look at the clock, to drain, to name their children, to learn who the others
// are. Their interfaces extend these; who only wants one of these things takes any actor that has it.
#pragma once

#include <caf/all.hpp>

#include <vector>

namespace actors {

struct directory;  // directory.hpp

/// Look at the clock.
using tick_atom = caf::atom_constant<caf::atom("tick")>;
/// Take nothing new, finish what there is; replied to when that is done.
using drain_atom = caf::atom_constant<caf::atom("drain")>;
/// Which actors have you spawned that are alive?
using children_atom = caf::atom_constant<caf::atom("children")>;
/// Begin to count anew.
using reset_atom = caf::atom_constant<caf::atom("reset")>;

/// Works with others, whom the directory names.
using directory_reader = caf::typed_actor<caf::reacts_to<directory>>;

/// Can be drained.
using drainable = caf::typed_actor<caf::replies_to<drain_atom>::with<drain_atom>>;

/// Spawns others.
using parent = caf::typed_actor<caf::replies_to<children_atom>::with<std::vector<caf::actor>>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::directory)
