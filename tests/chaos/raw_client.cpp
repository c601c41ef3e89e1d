#include "tests/chaos/raw_client.hpp"

namespace chaos {

raw_client::raw_client(world& w, const way& on, std::uint64_t tid, std::uint64_t seed, raw_habits h)
  : client(w, tid, 1, seed),
    way_(on),
    habits_(h),
    purchase_(w.dialect, w.wire, tid),
    line_(
      w.io, 4096,
      {[this](std::string_view unread) { return take(unread); }, [this](const std::string&) { ended(); }}) {}

void raw_client::begin() {
  sent_ = false;
  to_come_ = random(1, habits_.purchases_max);
  wait_at_most(world_.timeout, [this] {
    line_.close();
    ended();
  });
  line_.connect(way_.to, way_.open, [this] { send(); });
}

void raw_client::send() {
  current_ = {tid_, stan_++};
  sent_ = true;
  const auto amount = static_cast<std::uint64_t>(random(1, 99'999));
  world_.all.open(current_, amount, false);
  begin_on(current_, way_);
  wait_at_most(world_.timeout, [this] {
    line_.close();
    ended();
  });
  line_.queue(purchase_.write(amount, current_.stan, world_.clock.now()));
  line_.flush();
  if (!line_.is_open() || line_.has_unread() || !happens(habits_.leaves))
    return;
  // Leaves in the turn in which it has sent, so no byte of a response was acknowledged: neither the client
  // nor its TCP knows the outcome. Where this process stood still between the two, it reads first.
  world_.all.leave(current_);
  if (happens(500))
    line_.abort();
  else
    line_.close();
  think();
}

std::size_t raw_client::take(std::string_view unread) {
  lab::outline where;
  const auto read = world_.wire.read(unread, where);
  if (read == lab::reading::more_needed)
    return 0;
  if (read == lab::reading::bad) {
    world_.all.report_violation(label(current_) + ": its client got bytes that are no message");
    line_.close();
    think();
    return 0;
  }
  take_answer(unread, where);
  return where.size;
}

void raw_client::take_answer(std::string_view message, const lab::outline& where) {
  if (!sent_ || !message.starts_with("0210") || lab::read_digits(where.field(message, 11)) != current_.stan ||
      lab::read_digits(where.field(message, 41)) != tid_) {
    world_.all.report_violation(label(current_) + ": its client got an answer that is not its own");
    line_.close();
    return think();
  }
  const auto code = lab::read_digits(where.field(message, 39));
  world_.all.record(current_, code <= 3 ? client_outcome::approved : client_outcome::declined);
  moves_on(true);
  sent_ = false;
  cancel_timeout();
  if (--to_come_ > 0 && !world_.closing)
    return after(random(0, 50), [this] { send(); });
  if (habits_.resets_after > 0)
    return after(habits_.resets_after, [this] { hang_up(); });
  hang_up();
}

void raw_client::hang_up() {
  if (habits_.resets_after >= 0)
    line_.abort();
  else
    line_.close();
  think();
}

// The connection was closed without a response, or refused.
void raw_client::ended() {
  cancel_timeout();
  if (sent_) {
    lost(current_, way_, line_.port());
    if (moves_on(false))
      purchase_ = lab::purchase(world_.dialect, world_.wire, tid_);
    return think();
  }
  if (world_.closing)
    return think();
  after(random(20, 100), [this] { world_.closing ? think() : begin(); });
}

}  // namespace chaos
