// Writes batches durably, one at a time, and looks up durable records, without blocking the caller.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "store/journal_store.hpp"

namespace store {

class writer {
public:
  virtual ~writer() = default;

  /// The result of a batch. `problem`: a sentence for the operator, empty where the batch is durable.
  struct result {
    std::string problem;
    journal_room room = {};
  };

  /// Calls `done` once, on the loop's thread, after `write` has returned. `write` may be called again after
  /// `done`.
  virtual void write(batch b, std::function<void(result)> done) = 0;

  /// Looks for the latest transaction with `key` in all batches whose `done` was called; later batches may be
  /// found too. `done` as above. Several lookups may be pending.
  virtual void find(std::string key, std::function<void(found_records)> done) = 0;
};

/// Writes to `to` on a thread of its own; `post` runs a function on the loop's thread. The destructor
/// finishes the batch being written and calls no callback.
std::unique_ptr<writer> make_thread_writer(std::unique_ptr<journal_store> to,
                                           std::function<void(std::function<void()>)> post);

}  // namespace store
