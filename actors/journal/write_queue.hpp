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

/// One batch is written at a time; what is decided meanwhile is the next one. So the disk sets the pace, and
/// no decision waits for a timer.
class write_queue {
public:
  /// `to`: null where nothing is kept; then everything counts as durable at once. `report` gets the result of
  /// each batch, and its owner calls `take_result` with it.
  void start(std::shared_ptr<store::writer> to, std::function<void(store::writer::result)> report);

  /// The batch that is written next: to be added to.
  store::batch& next() { return next_.what; }

  /// Runs `then` when all that was added so far is durable.
  void when_durable(std::function<void()> then);

  /// A batch is durable.
  void take_result(bool has_room);

  /// Once a second: writes what waits for company, and asks a full disk whether it has room again.
  void tick();

  /// False while the disk has room only for what ends transactions.
  bool has_room() const { return has_room_; }

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
  std::vector<std::function<void()>> being_written_;  // what follows from the batch that is being written
  bool writing_ = false;
  bool has_room_ = true;
};

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::written)
