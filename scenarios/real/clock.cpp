// Real time: the loop runs while it passes.

#include "scenarios/real/clock.hpp"

#include <ctime>

namespace real {

using steady = std::chrono::steady_clock;

std::chrono::local_seconds story_clock::local_time() const {
  if (!begin_) {
    const auto now = std::time(nullptr);
    std::tm parts{};
    localtime_r(&now, &parts);
    begin_ = std::chrono::local_seconds(std::chrono::seconds(now + parts.tm_gmtoff));
    passed_ = {};
  }
  return *begin_ + std::chrono::duration_cast<std::chrono::seconds>(passed_);
}

void run_for(boost::asio::io_context& io, std::chrono::milliseconds time) {
  const auto end = steady::now() + time;
  for (auto now = steady::now(); now < end; now = steady::now())
    io.run_one_for(end - now);
}

bool run_until(boost::asio::io_context& io, const std::function<bool()>& what,
               std::chrono::milliseconds timeout) {
  const auto end = steady::now() + timeout;
  // Poll as well: not every awaited change wakes the loop, for example the end of a child process.
  constexpr std::chrono::milliseconds look_again(20);
  while (!what()) {
    if (steady::now() > end)
      return false;
    io.run_one_for(look_again);
  }
  return true;
}

}  // namespace real
