#include "tests/bench/hostile_line.hpp"

#include <algorithm>
#include <utility>

namespace bench {

hostile_line::hostile_line(asio::io_context& io, lab::stream& out, std::uint64_t seed)
  : out_(out), random_(seed), batch_timer_(io), write_timer_(io) {}

void hostile_line::take(std::string reply) {
  replies_.push_back(std::move(reply));
  wait_for_more();
}

void hostile_line::wait_for_more() {
  if (std::exchange(is_waiting_, true))
    return;
  batch_timer_.expires_after(std::chrono::milliseconds(random(1, 12)));
  batch_timer_.async_wait([this](error_code cancelled) {
    if (!cancelled)
      shuffle_out();
  });
}

void hostile_line::shuffle_out() {
  is_waiting_ = false;
  std::ranges::shuffle(replies_, random_);
  // Some wait for the next batch, and some of those for the one after it.
  const auto leaving = replies_.size() - (replies_.size() > 1 ? random(0, replies_.size() / 2) : 0);
  for (std::size_t i = 0; i < leaving; ++i)
    line_ += replies_[i];
  replies_.erase(replies_.begin(), replies_.begin() + static_cast<std::ptrdiff_t>(leaving));
  if (!replies_.empty())
    wait_for_more();
  if (!std::exchange(is_writing_, true))
    write_pieces();
}

void hostile_line::write_soon() {
  write_timer_.expires_after(std::chrono::microseconds(random(0, 200)));
  write_timer_.async_wait([this](error_code cancelled) {
    if (!cancelled)
      write_pieces();
  });
}

// Either a few small pieces, or now and then several replies at once, cut off anywhere.
void hostile_line::write_pieces() {
  const bool is_crumbs = random(1, 4) != 1;
  std::size_t sent = 0;
  for (auto pieces = is_crumbs ? random(1, 30) : 1; pieces != 0 && sent < line_.size() && out_.is_open();
       --pieces) {
    const auto size = is_crumbs ? random(1, 40) : random(200, 4000);
    const auto taken = out_.write_now(std::string_view(line_).substr(sent, size));
    sent += taken;
    if (taken == 0)
      break;
  }
  line_.erase(0, sent);
  is_writing_ = !line_.empty() && out_.is_open();
  if (is_writing_)
    write_soon();
}

std::size_t hostile_line::random(std::size_t least, std::size_t most) {
  return std::uniform_int_distribution<std::size_t>(least, most)(random_);
}

}  // namespace bench
