// A journal on a disk in memory, as the program has one in its directory. It survives the gateways that write
// to it.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "actors/core/environment.hpp"
#include "actors/journal/journal.hpp"
#include "scenarios/player/memory_disk.hpp"
#include "scenarios/player/virtual_time.hpp"
#include "store/sealing.hpp"

namespace player {

class memory_journal {
public:
  memory_journal();

  /// What the next gateway starts with, as the program reads it from its files; or why the start is refused.
  std::variant<actors::journal_parts, std::string> open(virtual_time& world,
                                                        const actors::environment_ptr& env);

  /// The book that a start would replay now, as it was when the last process ended; or why the start would be
  /// refused.
  std::variant<std::shared_ptr<actors::book>, std::string> replayed(
    const actors::upstreams& hosts, actors::time_point now,
    std::size_t remembered_max = actors::book::default_remembered_max) const;

  memory_disk& disk() { return *disk_; }
  const store::sealer& sealer() const { return *sealer_; }

  /// How many actors belong to the disk itself; they survive every gateway.
  std::size_t actors() const { return disk_actor_ ? 1 : 0; }

private:
  std::shared_ptr<memory_disk> disk_ = std::make_shared<memory_disk>();
  std::shared_ptr<const store::sealer> sealer_;
  caf::actor_addr disk_actor_;
};

}  // namespace player
