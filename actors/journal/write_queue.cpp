// Passes batches to the writer, one at a time. It does not read what is in them.

#include "actors/journal/write_queue.hpp"

#include <utility>

#include "config/log.hpp"

namespace actors {

namespace log = config::log;

namespace {

// How many ticks pass without a batch before an empty one checks the journal.
constexpr int idle_ticks_max = 5;

}  // namespace

void write_queue::start(std::shared_ptr<store::writer> to,
                        std::function<void(store::writer::result)> report) {
  to_ = std::move(to);
  report_ = std::move(report);
}

void write_queue::take_result(const store::journal_room& room) {
  const auto before = std::exchange(room_, room);
  if (before.is_enough != room.is_enough)
    log::warning("{}",
                 room.is_enough
                   ? "The journal's disk has room again"
                   : "The journal's disk is nearly full: new transactions are refused until there is room");
  if (before.lost_key.empty() && !room.lost_key.empty())
    log::error(
      "The journal's key {} was removed, or is not what it was: this process goes on, but without the right "
      "one no start can read what is open; put it back",
      room.lost_key);
  writing_ = false;
  for (auto& then : std::exchange(being_written_, {}))
    then();
  write_next();
}

void write_queue::tick() {
  write_next();
  // An empty batch writes nothing: it finds files that were removed under an idle gateway. A refused decision
  // writes nothing either, so on a full disk it checks at each tick whether there is room again.
  if (!writing_ && (++idle_ticks_ >= idle_ticks_max || !has_room()))
    write();
}

void write_queue::write_next() {
  if (!writing_ && !(next_.what.empty() && next_.then.empty()))
    write();
}

void write_queue::write() {
  if (!to_)
    return;
  auto now = std::exchange(next_, {});
  being_written_ = std::move(now.then);
  writing_ = true;
  idle_ticks_ = 0;
  to_->write(std::move(now.what), report_);
}

}  // namespace actors
