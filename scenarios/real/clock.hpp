// Real time.
#pragma once

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <optional>

namespace real {

/// The wall clock for the dates of a story's messages. As in virtual time, only `time passes` moves it, so a
/// message that is sent twice is the same message.
class story_clock {
public:
  std::chrono::local_seconds local_time() const;
  void pass(std::chrono::milliseconds time) { passed_ += time; }

private:
  /// The system's time at the first call.
  mutable std::optional<std::chrono::local_seconds> begin_;
  mutable std::chrono::milliseconds passed_{0};
};

/// Runs the loop for that long.
void run_for(boost::asio::io_context& io, std::chrono::milliseconds time);

/// Runs the loop until `what` is true; false where it is not within `timeout`.
bool run_until(boost::asio::io_context& io, const std::function<bool()>& what,
               std::chrono::milliseconds timeout);

}  // namespace real
