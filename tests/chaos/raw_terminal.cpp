#include "tests/chaos/raw_terminal.hpp"

namespace chaos {

namespace {

constexpr int leaves = 30;  // in a thousand: hangs up before any answer can have come

} // namespace

raw_terminal::raw_terminal(world& w, std::uint64_t tid, std::uint64_t seed)
  : terminal(w, tid, 1, seed), purchase_(w.dialect, w.wire, tid),
    line_(w.io, 4096, {[this](std::string_view unread) { return take(unread); }, [this](const std::string&) { ended(); }}) {}

void raw_terminal::begin() {
  sent_ = false;
  line_.connect(world_.raw, [this] { send(); });
}

void raw_terminal::send() {
  current_ = {tid_, stan_++};
  sent_ = true;
  const auto amount = static_cast<std::uint64_t>(random(1, 99'999));
  world_.all.open(current_, amount, false);
  line_.queue(purchase_.write(amount, current_.stan, world_.clock.now()));
  line_.flush();
  if (!happens(leaves))
    return;
  // In the same turn as it has sent, so nothing of an answer has been acknowledged: it knows nothing, and its TCP neither.
  world_.all.leave(current_);
  if (happens(500))
    line_.abort();
  else
    line_.close();
  think();
}

std::size_t raw_terminal::take(std::string_view unread) {
  bench::outline where;
  const auto read = world_.wire.read(unread, where);
  if (read == bench::reading::more_needed)
    return 0;
  if (read == bench::reading::bad) {
    world_.all.complain(label(current_) + ": its client got bytes that are no message");
  } else if (!unread.starts_with("0210") || bench::read_digits(where.field(unread, 11)) != current_.stan || bench::read_digits(where.field(unread, 41)) != tid_) {
    world_.all.complain(label(current_) + ": its client got an answer that is not its own");
  } else {
    const auto code = bench::read_digits(where.field(unread, 39));
    world_.all.tell(current_, code <= 3 ? told::approved : told::declined);
    moves_on(true);
  }
  line_.close();
  think();
  return 0;
}

// Hung up on without an answer, or nobody was there.
void raw_terminal::ended() {
  if (sent_) {
    if (moves_on(false))
      purchase_ = bench::purchase(world_.dialect, world_.wire, tid_);
    return think();
  }
  if (world_.closing)
    return think();
  after(random(20, 100), [this] { world_.closing ? think() : begin(); });
}

} // namespace chaos
