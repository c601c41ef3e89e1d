// Reads its socket ten times a second and at no other time: so it controls what its kernel may acknowledge.

#include "tests/chaos/concentrator.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <array>

namespace chaos {

namespace {

using namespace std::chrono_literals;

constexpr auto look_pause = 100ms;
constexpr int smallest_window = 2304;  // the kernel's minimum

}  // namespace

concentrator::concentrator(world& w, const way& on, std::uint64_t first_tid, std::uint64_t seed,
                           concentrator_habits h)
  : client(w, first_tid, 1, seed),
    way_(on),
    habits_(h),
    socket_(w.io),
    next_look_(w.io),
    next_tid_(first_tid) {}

void concentrator::begin() {
  ++generation_;
  asked_.clear();
  unsent_.clear();
  unread_.clear();
  boost::system::error_code error;
  socket_.close(error);
  if (way_.open)
    way_.open(socket_);
  else
    socket_.open(tcp::v4(), error);
  if (habits_.small_window)
    socket_.set_option(asio::socket_base::receive_buffer_size(smallest_window / 2), error);
  socket_.async_connect(way_.to, [this, life = generation_](boost::system::error_code failed) {
    if (life != generation_)
      return;
    if (failed)
      return after(random(50, 200), [this] { world_.closing ? think() : begin(); });
    connected();
  });
}

void concentrator::connected() {
  boost::system::error_code error;
  socket_.non_blocking(true, error);
  const auto now = clock::now();
  reads_from_ = habits_.how == concentrator_habits::reading::late
                  ? now + std::chrono::milliseconds(random(11'000, 13'000))
                  : now;
  gives_up_at_ = now + 60s;
  to_send_ = static_cast<std::size_t>(habits_.at_once * habits_.rounds);
  look();
}

void concentrator::tick() {
  next_look_.expires_after(look_pause);
  next_look_.async_wait([this, life = generation_](boost::system::error_code cancelled) {
    if (!cancelled && life == generation_)
      look();
  });
}

void concentrator::buy() {
  const trace t{next_tid_, stan_++};
  next_tid_ = next_tid_ % 100 == 99 ? next_tid_ + 10'000 - 99 : next_tid_ + 1;
  const auto amount = static_cast<std::uint64_t>(random(1, 99'999));
  world_.all.open(t, amount, false);
  begin_on(t, way_);
  asked_.insert(t);
  lab::purchase p(world_.dialect, world_.wire, t.tid);
  unsent_ += p.write(amount, t.stan, world_.clock.now());
}

void concentrator::look() {
  const auto now = clock::now();
  const bool hurries = world_.closing || now >= gives_up_at_;
  if (hurries)
    to_send_ = 0;
  for (; to_send_ > 0 && asked_.size() < static_cast<std::size_t>(habits_.at_once); --to_send_)
    buy();
  write();
  const bool all = hurries || habits_.how == concentrator_habits::reading::late;
  if (hurries || now >= reads_from_)
    read(all ? 1U << 20 : static_cast<std::size_t>(habits_.bytes_a_second) / 10);
  if (!socket_.is_open())
    return;
  if (asked_.empty() && to_send_ == 0)
    return finish(habits_.resets);
  if (now >= gives_up_at_ + world_.timeout)
    return finish(true);
  tick();
}

void concentrator::write() {
  if (unsent_.empty())
    return;
  boost::system::error_code error;
  unsent_.erase(0, socket_.write_some(asio::buffer(unsent_), error));
  // An error is reported by the next read.
}

void concentrator::read(std::size_t size_max) {
  std::array<char, 4096> buffer;
  while (size_max > 0) {
    boost::system::error_code error;
    const auto size = socket_.read_some(asio::buffer(buffer, size_max), error);
    if (error == asio::error::would_block)
      return;
    unread_.append(buffer.data(), size);
    size_max -= std::min(size, size_max);
    take();
    if (error)
      return finish(false);
    if (!socket_.is_open())
      return;
  }
}

void concentrator::take() {
  lab::outline where;
  for (;;) {
    const auto read = world_.wire.read(unread_, where);
    if (read == lab::reading::more_needed)
      return;
    if (read == lab::reading::bad) {
      world_.all.report_violation(label({tid_, stan_}) + ": its concentrator got bytes that are no message");
      return finish(true);
    }
    take_answer(unread_, where);
    unread_.erase(0, where.size);
  }
}

void concentrator::take_answer(std::string_view message, const lab::outline& where) {
  const trace t{lab::read_digits(where.field(message, 41)), lab::read_digits(where.field(message, 11))};
  if (!message.starts_with("0210") || asked_.erase(t) == 0)
    return world_.all.report_violation(label(t) + ": a concentrator got an answer that is not its own");
  world_.all.record(
    t, lab::read_digits(where.field(message, 39)) <= 3 ? client_outcome::approved : client_outcome::declined);
}

void concentrator::finish(bool by_reset) {
  ++generation_;
  boost::system::error_code error;
  const auto port = socket_.local_endpoint(error).port();
  for (const auto& t : asked_)
    lost(t, way_, port);
  asked_.clear();
  if (by_reset)
    socket_.set_option(asio::socket_base::linger(true, 0), error);
  socket_.close(error);
  next_look_.cancel();
  think();
}

}  // namespace chaos
