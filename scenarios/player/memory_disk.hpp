// A disk made of memory, with everything that can go wrong with one. For stories, the simulator and tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "store/journal_store.hpp"
#include "store/writer.hpp"

namespace player {

/// Outlives the processes that write to it. A batch is durable when its writer was told so; until then it
/// waits here.
class memory_disk {
public:
  memory_disk() = default;
  memory_disk(const memory_disk&) = delete;
  memory_disk& operator=(const memory_disk&) = delete;

  /// What is durable, without looking whether it is damaged.
  const store::contents& read() const { return durable_; }

  /// What a start finds: what is durable, or why it is refused.
  std::variant<store::contents, std::string> start() const;

  /// What is on it now is a copy that an operator has adopted (--journalAdopt).
  void adopt() {
    for (const auto& r : durable_.records)
      adopted_ = std::max(adopted_, r.purchase);
  }

  // How it fails. `full`, `room` and `hold` stay until they are set otherwise, over deaths too.

  /// The next batch ends in `problem`; `kept`: it reached the disk all the same. It is the last of its
  /// writer.
  void fail_next(std::string problem, bool kept);
  /// Every batch fails.
  void full(bool is) { full_ = is; }
  /// What the results of batches say.
  void room(bool is) { room_ = is; }
  /// Batches and lookups wait until they are released: a slow disk.
  void hold() { held_ = true; }
  void release();

  // How its process ends. Its writer does and says nothing more, and may be destroyed at any time after.

  /// Of the batches nobody was told of, the first few survive, as the dice fall; returns how many.
  std::size_t power_fails(std::mt19937_64& random_source);
  /// A kill: all batches survive, because the system has them already.
  void process_dies();

  // How it is damaged.

  /// One bit of a record; false where there is no such record.
  bool flip(std::uint64_t sequence);
  /// Takes the last records that are there, as a restored backup would.
  void drop_last(std::size_t count);

  // What it has seen.

  std::size_t waiting() const { return waiting_.size(); }  ///< batches nobody was told of
  std::uint64_t written() const { return written_; }  ///< batches whose writer was told that they are durable
  std::uint64_t failed() const { return failed_; }    ///< batches whose writer was told a problem
  std::uint64_t acknowledged() const {
    return acknowledged_;
  }  ///< the sequence of the last record somebody was told of

private:
  friend class memory_writer;

  struct waiting_batch {
    store::batch what;
    std::function<void(store::writer::result)> done;  ///< none: nobody is there any more
    std::function<void(std::function<void()>)> post;
    std::string problem = {};
    bool kept = true;      ///< it survives if the disk gets as far as to it
    bool decided = false;  ///< what comes of it
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
  std::map<std::uint64_t, std::string> keys_;  ///< by purchase
  std::vector<std::function<void()>> held_lookups_;
  std::vector<waiting_ptr> waiting_;  ///< in the order they came
  std::set<std::uint64_t> damaged_;
  std::uint64_t highest_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t process_ = 0;  ///< whose writer is heard: the last one's
  std::string broken_;         ///< its first problem; from there on it has no other
  std::string next_problem_;
  bool next_kept_ = false;
  bool full_ = false;
  bool room_ = true;
  bool held_ = false;
};

/// The writer of one process; a new one takes the disk over. `post` runs a function later, on the one thread
/// that uses the disk.
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
  std::shared_ptr<const int> here_ = std::make_shared<const int>();  ///< as long as there is somebody to tell
};

}  // namespace player
