// Makes decisions durable before anyone acts on them, and knows all that is open.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/journal/book.hpp"
#include "actors/protocol/directory.hpp"
#include "store/sealing.hpp"
#include "store/writer.hpp"

namespace actors {

/// What the journal works with. It outlives the actor.
struct journal_parts {
  std::shared_ptr<book> pages;                  ///< replayed already
  std::shared_ptr<store::writer> writer;        ///< none: nothing is kept
  std::shared_ptr<const store::sealer> sealer;  ///< with a writer
};

journal_actor spawn_journal(caf::actor_system& system, environment_ptr env, journal_parts parts);

}  // namespace actors
