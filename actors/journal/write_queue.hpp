// What the journal has decided and not yet written.
#pragma once

#include <caf/all.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "store/writer.hpp"

namespace actors {

/// The result of a batch, for the journal itself.
struct written {
  store::writer::result result;
};

/// One batch is written at a time; decisions made meanwhile go into the next one. So the disk sets the pace,
/// and no decision waits for a timer.
class write_queue {
public:
  /// `to`: nullptr if nothing is written; then everything counts as durable at once. `report` gets the result
  /// of each batch; its owner passes it to `take_result`.
  void start(std::shared_ptr<store::writer> to, std::function<void(store::writer::result)> report);

  /// False if nothing is written.
  bool has_writer() const { return to_ != nullptr; }

  /// The batch that is written next, to add to.
  store::batch& next() { return next_.what; }

  /// Runs `then` when all that was added so far is durable.
  template <class Then>
  void when_durable(Then then) {
    if (!to_)
      return then();
    next_.then.push_back(std::move(then));
    write_next();
  }

  /// A batch is durable.
  void take_result(const store::journal_room& room);

  /// Once a second: writes what was logged lazily. While nothing is written it has the writer check now and
  /// then that the journal is still in place, and whether a full disk has room again.
  void tick();

  /// False while the disk has room only for what ends transactions.
  bool has_room() const { return room_.is_enough; }

  /// After the last batch.
  const store::journal_room& room() const { return room_; }

private:
  struct batch {
    store::batch what;
    std::vector<std::function<void()>> then;
  };

  void write_next();
  void write();

  std::shared_ptr<store::writer> to_;
  std::function<void(store::writer::result)> report_;
  batch next_;
  std::vector<std::function<void()>> being_written_;  // to run when the batch being written is durable
  bool writing_ = false;
  int idle_ticks_ = 0;  // since the last batch
  store::journal_room room_;
};

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::written)
