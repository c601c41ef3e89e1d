// The journal: makes decisions durable before another actor acts on them.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/journal/book.hpp"
#include "actors/protocol/directory.hpp"
#include "store/sealing.hpp"
#include "store/writer.hpp"

namespace actors {

/// What the journal works with. The parts outlive the actor.
struct journal_parts {
  std::shared_ptr<book> pages;                  ///< replayed already
  std::shared_ptr<store::writer> writer;        ///< nullptr: nothing is written
  std::shared_ptr<const store::sealer> sealer;  ///< nullptr without a writer
};

journal_actor spawn_journal(caf::actor_system& system, environment_ptr env, journal_parts parts);

}  // namespace actors
