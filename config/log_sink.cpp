// The sink's thread writes the lines in batches. Lines that are lost are counted, and the log says how many.
// An outlet that blocks does not keep the process from ending.

#include "config/log_sink.hpp"

#include <algorithm>
#include <thread>

namespace config::log {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

namespace {

// What one write has at most, so that few lines are lost with a process that is killed.
constexpr std::size_t batch_max = 128 * 1024, lines_of_batch = 256;

constexpr auto first_pause = 1000ms;

// A console that takes nothing for so long has nobody who reads it; the end of the process waits no longer.
constexpr auto stalled_max = 1s;

}  // namespace

sink::sink(std::unique_ptr<outlet> to, options o) : options_(std::move(o)), to_(std::move(to)) {}

void sink::run(std::shared_ptr<sink> self) {
  std::thread([self = std::move(self)] { self->work(); }).detach();
}

void sink::put(record_ptr r) {
  const lock l(mutex_);
  if (stop_at_)
    return;
  bytes_ += r->size();
  waiting_.push_back(std::move(r));
  while (waiting_.size() > lines_max || (bytes_ > bytes_max && waiting_.size() > 1))
    drop_oldest();
  if (waiting_.size() == 1)
    changed_.notify_all();
}

std::uint64_t sink::dropped() const {
  const lock l(mutex_);
  return dropped_;
}

std::string sink::reopen() {
  if (auto why = to_->reopen(); !why.empty())
    return why;
  const lock l(mutex_);
  retry_now_ = true;
  waiting_.push_back(nullptr);
  changed_.notify_all();
  return {};
}

void sink::begin_stop(clock::time_point until) {
  const lock l(mutex_);
  stop_at_ = until;
  changed_.notify_all();
}

bool sink::has_stopped(clock::time_point until) {
  lock l(mutex_);
  return changed_.wait_until(l, until, [this] { return ended_; });
}

void sink::drop_oldest() {
  const auto oldest = std::move(waiting_.front());
  waiting_.pop_front();
  if (!oldest)
    return;
  if (!failing_.empty())
    why_dropped_ = failing_;
  bytes_ -= oldest->size();
  ++dropped_;
}

void sink::work() {
  std::string batch;
  for (std::size_t lines = 0; take(batch, lines);) {
    if (write(batch))
      continue;
    const lock l(mutex_);
    dropped_ += lines + waiting_.size();
    break;
  }
  const lock l(mutex_);
  waiting_.clear();
  ended_ = true;
  changed_.notify_all();
}

// Waits for lines. False: there are none, and none will come.
bool sink::take(std::string& batch, std::size_t& lines) {
  std::vector<record_ptr> taken;
  {
    lock l(mutex_);
    changed_.wait(l, [this] { return !waiting_.empty() || stop_at_; });
    if (!stop_at_ && waiting_.size() < lines_of_batch)
      changed_.wait_for(l, options_.gathering, [this] { return stop_at_.has_value(); });
    if (waiting_.empty() && dropped_ == told_)
      return false;
    while (!waiting_.empty() && taken.size() < lines_of_batch) {
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      if (!next && !taken.empty()) {
        waiting_.push_front(nullptr);
        break;
      }
      if (next) {
        bytes_ -= next->size();
        taken.push_back(std::move(next));
      } else {
        to_->use_reopened();
      }
    }
  }
  batch.clear();
  tell_dropped(batch);
  for (const auto& r : taken)
    options_.as(batch, *r);
  lines = taken.size();
  return true;
}

// What was written before has been written, so this can be too.
void sink::tell_dropped(std::string& batch) {
  std::uint64_t count = 0;
  std::string why;
  {
    const lock l(mutex_);
    if (dropped_ == told_ || (!stop_at_ && clock::now() - told_at_ < 1s))
      return;
    told_at_ = clock::now();
    count = dropped_ - std::exchange(told_, dropped_);
    why = std::exchange(why_dropped_, {});
  }
  auto text = std::to_string(count) + " lines of this log were dropped, for they ";
  text += why.empty() ? "came faster than they could be written" : "could not be written: " + why;
  options_.as(batch, record(level::warning, std::move(text), {}));
}

// False: the time for it is over.
bool sink::write(std::string_view batch) {
  auto progress = clock::now();
  for (std::size_t done = 0; done < batch.size();) {
    std::string why;
    const auto n = to_->write(batch.substr(done, batch_max), why);
    done += n;
    if (n != 0 || !why.empty())
      tell_state(why);
    if (n != 0)
      progress = clock::now();
    lock l(mutex_);
    if (why.empty() && stop_at_ && clock::now() >= std::min(*stop_at_, progress + stalled_max))
      return false;
    if (why.empty())
      continue;
    if (to_->repeats_lines())
      done = batch.substr(0, done).rfind('\n') + 1;
    if (!wait_for_retry(l))
      return false;
  }
  return true;
}

// Says in the other logs that it begins to fail, or works again.
void sink::tell_state(const std::string& why) {
  std::string before;
  {
    const lock l(mutex_);
    before = std::exchange(failing_, why);
    if (before.empty())
      pause_ = first_pause;
  }
  if (before.empty() && !why.empty())
    options_.tell("The log cannot be written to " + options_.title + ": " + why +
                  "; its lines wait, and the oldest are dropped where there are too many");
  else if (!before.empty() && why.empty())
    options_.tell("The log is written to " + options_.title + " again");
}

// False: it is not tried again, for the process ends.
bool sink::wait_for_retry(lock& l) {
  changed_.wait_for(l, pause_, [this] { return retry_now_ || stop_at_; });
  pause_ = std::min(2 * pause_, options_.pause_max);
  if (std::exchange(retry_now_, false))
    to_->use_reopened();
  return !stop_at_;
}

}  // namespace config::log
