// Makes batches durable, one at a time, and looks up what is durable, without keeping whoever asks waiting.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "store/journal_store.hpp"

namespace store {

class writer {
public:
  virtual ~writer() = default;

  /// What came of a batch. `problem`: a sentence for the operator, empty where the batch is durable.
  struct result {
    std::string problem;
    bool has_room = true;
  };

  /// `done` comes once, on the loop's thread and never before `write` has returned. The next `write` comes
  /// after it.
  virtual void write(batch b, std::function<void(result)> done) = 0;

  /// Looks for the youngest purchase with `key` in all batches whose `done` has come, and perhaps in later
  /// ones. `done` as above; there may be several lookups at a time.
  virtual void find(std::string key, std::function<void(found_records)> done) = 0;
};

/// Writes to `to` on a thread of its own; `post` runs a function on the loop's thread. Destroyed, it finishes
/// the batch under way and says nothing more.
std::unique_ptr<writer> make_thread_writer(std::unique_ptr<journal_store> to,
                                           std::function<void(std::function<void()>)> post);

}  // namespace store
