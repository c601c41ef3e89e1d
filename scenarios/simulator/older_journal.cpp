#include "scenarios/simulator/older_journal.hpp"

#include <string>
#include <utility>

namespace simulator {

older_journal::older_journal(std::uint64_t seed, world& w, player::gateway_on_disk& gateway)
  : random_(~seed), world_(w), gateway_(gateway), copies_(random_.chance(0.3)) {}

void older_journal::records_written() {
  if (copies_ && random_.chance(copy_ ? 0.05 : 0.3))
    copy_ = gateway_.disk().copied();
}

void older_journal::before_start() {
  auto& disk = gateway_.disk();
  // What was never acknowledged may be missing.
  if (!copy_ || copy_->highest >= disk.acknowledged() || random_.chance(0.5))
    return;
  ++world_.audit.sums.faults["older_journal"];
  auto newest = disk.copied();
  disk.put_back(*copy_);
  gateway_.start();
  if (!gateway_.has_ended() || gateway_.refused().find("acknowledged") == std::string::npos)
    return world_.audit.fail("J6", "a start takes an older journal, which lacks what was acknowledged");
  if (disk.read().records.size() != copy_->durable.records.size())
    return world_.audit.fail("J6", "a start that is refused changes the journal");
  disk.put_back(std::move(newest));
}

}  // namespace simulator
