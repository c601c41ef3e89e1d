// A disk in memory that can fail in every way. For stories, the simulator and tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "store/journal_store.hpp"
#include "store/writer.hpp"

namespace player {

/// Survives the processes that write to it. A batch is durable when its result has been reported to its
/// writer; until then it waits here.
class memory_disk {
public:
  memory_disk() = default;
  memory_disk(const memory_disk&) = delete;
  memory_disk& operator=(const memory_disk&) = delete;

  /// What is durable, without checking for damage.
  const store::contents& read() const { return durable_; }

  /// What a start would read: the durable contents, or why it would be refused.
  std::variant<store::contents, std::string> start() const;

  /// Marks what is on it now as a copy that an operator has adopted (--journalAdopt).
  void adopt() {
    for (const auto& r : durable_.records)
      adopted_ = std::max(adopted_, r.transaction);
  }

  // Failures. `full`, `room` and `pause` stay in force until they are changed, across processes too. An empty
  // batch writes nothing, so only `lose_files` fails it.

  /// The next batch ends with `problem`; `kept`: it reaches the disk all the same. Its writer writes no
  /// further batch.
  void fail_next(std::string problem, bool kept);
  void fail_no_more() { next_problem_.clear(); }
  /// Every batch fails.
  void full(bool is) { full_ = is; }
  /// The files are removed under the process that uses them: each batch fails, until the next process.
  void lose_files() { broken_ = "journal.db was removed or replaced while it was in use"; }
  /// Whether the results of batches report enough room.
  void room(bool is) { room_ = is; }
  /// Batches and lookups wait until `release`: a slow disk.
  void pause() { paused_ = true; }
  void release();

  // How a process ends. Its writer has no effect any more, and may be destroyed at any later time.

  /// A random number of the unacknowledged batches survives, the first ones; returns how many.
  std::size_t power_fails(std::mt19937_64& random_source);
  /// A kill: all batches survive, because the kernel has them.
  void process_ends();

  // Damage.

  /// Flips one bit of a record; false where there is no such record.
  bool flip(std::uint64_t sequence);
  /// Removes the last records, as a restored backup would.
  void drop_last(std::size_t count);

  /// What somebody has copied of a journal, and may put back: all but how far it was acknowledged, which the
  /// disk goes on knowing.
  struct copy {
    store::contents durable;
    std::map<std::uint64_t, std::string> keys;
    std::uint64_t highest = 0;
  };
  copy copied() const { return {durable_, keys_, highest_}; }
  /// Only between two processes.
  void put_back(copy c);

  // What happened so far.

  std::size_t waiting() const { return waiting_.size(); }       ///< batches without a reported result
  std::uint64_t written() const { return written_; }            ///< batches reported durable; not empty ones
  std::uint64_t failed() const { return failed_; }              ///< batches that were reported as failed
  std::uint64_t acknowledged() const { return acknowledged_; }  ///< the last record that was reported durable

private:
  friend class memory_writer;

  struct waiting_batch {
    store::batch what;
    std::function<void(store::writer::result)> done;  ///< none: its process has ended
    std::function<void(std::function<void()>)> post;
    std::string problem = {};
    bool kept = true;      ///< it reaches the disk
    bool decided = false;  ///< `problem` and `kept` are final
  };
  using waiting_ptr = std::shared_ptr<waiting_batch>;

  void begin(const waiting_ptr& batch);
  void decide(waiting_batch& batch);
  void finish(const waiting_ptr& batch);
  void keep(const store::batch& b);
  void forget_process();

  store::found_records find(const std::string& key) const;

  std::uint64_t adopted_ = 0;
  store::contents durable_;
  std::map<std::uint64_t, std::string> keys_;  ///< by transaction
  std::vector<std::function<void()>> paused_lookups_;
  std::vector<waiting_ptr> waiting_;  ///< in the order they came
  std::set<std::uint64_t> damaged_;
  std::uint64_t highest_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t process_ = 0;  ///< the process whose writer is in use: the latest
  std::string broken_;         ///< its first problem; every later batch fails with it
  std::string next_problem_;
  bool next_kept_ = false;
  bool full_ = false;
  bool room_ = true;
  bool paused_ = false;
};

/// The writer of one process; a new one replaces it. `post` runs a function later on the one thread that uses
/// the disk.
class memory_writer final : public store::writer {
public:
  memory_writer(std::shared_ptr<memory_disk> disk, std::function<void(std::function<void()>)> post);
  ~memory_writer() override;
  memory_writer(const memory_writer&) = delete;
  memory_writer& operator=(const memory_writer&) = delete;

  void write(store::batch b, std::function<void(result)> done) override;
  void find(std::string key, std::function<void(store::found_records)> done) override;

private:
  std::shared_ptr<memory_disk> disk_;
  std::function<void(std::function<void()>)> post_;
  std::uint64_t process_;
  std::weak_ptr<memory_disk::waiting_batch> last_;
  std::shared_ptr<const int> here_ = std::make_shared<const int>();  ///< expires with this object
};

}  // namespace player
