// A disk in memory. It guarantees what sqlite_store guarantees: each batch is there whole or not at all, in
// order, and every acknowledged batch is there. Within these limits it fails as it is ordered to. For tests
// only.

#include "scenarios/player/memory_disk.hpp"

#include <algorithm>
#include <utility>

#include "store/verification.hpp"

namespace player {

using store::contents;
using store::found_records;
using store::record;

std::variant<contents, std::string> memory_disk::start() const {
  store::found all;
  for (const auto& r : durable_.records)
    all.records.push_back({r, !damaged_.contains(r.sequence)});
  all.highest = highest_;
  all.acknowledged = acknowledged_;
  auto result = store::verify(std::move(all));
  if (auto* problem = std::get_if<std::string>(&result))
    return std::move(*problem);
  return store::contents{std::move(std::get<store::verified>(result).records), durable_.cards, adopted_};
}

void memory_disk::fail_next(std::string problem, bool kept) {
  next_problem_ = std::move(problem);
  next_kept_ = kept;
}

void memory_disk::release() {
  paused_ = false;
  for (const auto& batch : std::vector(waiting_))
    begin(batch);
  for (const auto& look : std::exchange(paused_lookups_, {}))
    look();
}

std::size_t memory_disk::power_fails(std::mt19937_64& random_source) {
  const auto survivors = std::uniform_int_distribution<std::size_t>(0, waiting_.size())(random_source);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < survivors; ++i)
    if (waiting_[i]->kept) {
      keep(waiting_[i]->what);
      ++kept;
    }
  forget_process();
  return kept;
}

void memory_disk::process_ends() {
  for (const auto& batch : waiting_)
    if (batch->kept)
      keep(batch->what);
  forget_process();
}

bool memory_disk::flip(std::uint64_t sequence) {
  const auto damaged = std::ranges::find(durable_.records, sequence, &record::sequence);
  if (damaged == durable_.records.end())
    return false;
  if (!damaged->content.empty())
    damaged->content.back() = static_cast<char>(damaged->content.back() ^ 1);
  damaged_.insert(sequence);
  return true;
}

void memory_disk::drop_last(std::size_t count) {
  for (; count > 0 && !durable_.records.empty(); --count)
    durable_.records.pop_back();
  highest_ = durable_.records.empty() ? 0 : durable_.records.back().sequence;
}

void memory_disk::put_back(copy c) {
  durable_ = std::move(c.durable);
  keys_ = std::move(c.keys);
  highest_ = c.highest;
}

void memory_disk::begin(const waiting_ptr& batch) {
  if (batch->decided)
    return;
  decide(*batch);
  // Only `waiting_` owns a batch: where it is gone, the batch was finished or its process has ended.
  batch->post([this, weak = std::weak_ptr(batch)] {
    if (const auto still = weak.lock())
      finish(still);
  });
}

// Decides the result when the batch reaches the disk, not when it began to wait.
void memory_disk::decide(waiting_batch& batch) {
  batch.decided = true;
  if (!broken_.empty()) {
    batch.problem = broken_;
    batch.kept = false;
  } else if (batch.what.empty()) {
    return;
  } else if (!next_problem_.empty()) {
    batch.problem = std::exchange(next_problem_, {});
    batch.kept = next_kept_;
  } else if (full_) {
    batch.problem = "cannot write to the journal: the disk is full";
    batch.kept = false;
  }
  broken_ = batch.problem;
}

void memory_disk::finish(const waiting_ptr& batch) {
  std::erase(waiting_, batch);
  if (batch->kept)
    keep(batch->what);
  const auto done = std::move(batch->done);
  if (!done)
    return;
  if (batch->problem.empty()) {
    if (!batch->what.empty())
      ++written_;
    acknowledged_ = highest_;
  } else {
    ++failed_;
  }
  done({batch->problem, {room_, 0, 0}});
}

void memory_disk::keep(const store::batch& b) {
  for (const auto& r : b.records)
    durable_.records.push_back({++highest_, r.transaction, r.kind, r.content});
  for (const auto& [purchase, sealed] : b.cards)
    durable_.cards[purchase] = sealed;
  for (const auto& [key, purchase] : b.keys)
    keys_[purchase] = key;
  for (const auto purchase : b.erased)
    durable_.cards.erase(purchase);
  for (const auto purchase : b.forgotten) {
    durable_.cards.erase(purchase);
    keys_.erase(purchase);
    std::erase_if(durable_.records, [purchase](const record& r) { return r.transaction == purchase; });
  }
}

found_records memory_disk::find(const std::string& key) const {
  if (!broken_.empty())
    return {broken_};
  const auto youngest =
    std::find_if(keys_.rbegin(), keys_.rend(), [&key](const auto& entry) { return entry.second == key; });
  found_records found;
  for (const auto& r : durable_.records)
    if (youngest != keys_.rend() && r.transaction == youngest->first)
      found.records.push_back(r);
  return found;
}

void memory_disk::forget_process() {
  waiting_.clear();
  paused_lookups_.clear();
  next_problem_.clear();
  ++process_;
}

memory_writer::memory_writer(std::shared_ptr<memory_disk> disk,
                             std::function<void(std::function<void()>)> post)
  : disk_(std::move(disk)), post_(std::move(post)), process_(++disk_->process_) {
  disk_->broken_.clear();
}

memory_writer::~memory_writer() {
  const auto last = last_.lock();
  if (!last)
    return;
  last->done = nullptr;
  if (!last->decided)
    disk_->decide(*last);
  disk_->finish(last);
}

void memory_writer::write(store::batch b, std::function<void(result)> done) {
  if (disk_->process_ != process_)
    return;
  const auto made = std::make_shared<memory_disk::waiting_batch>(std::move(b), std::move(done), post_);
  last_ = made;
  disk_->waiting_.push_back(made);
  if (!disk_->paused_)
    disk_->begin(made);
}

void memory_writer::find(std::string key, std::function<void(found_records)> done) {
  if (disk_->process_ != process_)
    return;
  auto look = [disk = disk_, post = post_, here = std::weak_ptr(here_), key = std::move(key),
               done = std::move(done)] {
    post([disk, here, key, done] {
      if (!here.expired())
        done(disk->find(key));
    });
  };
  if (disk_->paused_)
    disk_->paused_lookups_.push_back(std::move(look));
  else
    look();
}

}  // namespace player
