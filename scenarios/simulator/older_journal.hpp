// Somebody who copies the journal now and then, and puts an older copy back between two processes.
//
// A start with it would reverse what was approved since, and would not know what was sent since, so it must
// be refused. Then the newest one is put back, and everything goes on.
#pragma once

#include <optional>

#include "scenarios/player/gateway_on_disk.hpp"
#include "scenarios/simulator/random_source.hpp"
#include "scenarios/simulator/world.hpp"

namespace simulator {

class older_journal {
public:
  older_journal(std::uint64_t seed, world& w, player::gateway_on_disk& gateway);

  /// The journal has new records: they may be copied.
  void records_written();

  /// No process runs, and the next one is about to be started. Reports to the auditor where a start takes an
  /// older journal.
  void before_start();

private:
  // Of its own: a draw of the world's would change the worlds of all seeds, by some of which known defects
  // are found.
  random_source random_;
  world& world_;
  player::gateway_on_disk& gateway_;
  bool copies_;  // in this run
  std::optional<player::memory_disk::copy> copy_;
};

}  // namespace simulator
